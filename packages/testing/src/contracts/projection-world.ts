import {
  type Clock,
  type Copy,
  Freshness,
  formatConsistency,
  type JournalReader,
  ProjectionFolds,
  ProjectionHost,
  type ProjectionHostOptions,
  type ProjectionRegistration,
  type Pump,
  type ReadModelStore,
  Rebuilds,
  relayName,
  relayToTopic,
  type SubscriptionOptions,
  SubscriptionRunner,
  type SubscriptionStore,
  Sweeper,
  subscriptionNameOf,
  type Transport,
  type WriteStore,
} from '@diptych/core';
import type { ContractFactory, ContractSubject, ContractSuite } from './contract.js';
import { append, envelope, everything } from './contract-envelopes.js';
import { type NotedData, type NotesDocument, note } from './noted.js';

const topic = 'events';

/** What projections run on. */
export interface ProjectionGround {
  readonly writeStore: WriteStore;
  readonly reader: JournalReader;
  readonly subscriptions: SubscriptionStore;
  readonly readModels: ReadModelStore;
  /** The program's clock. `advanceTime` moves it together with those of the stores. */
  readonly clock: Clock;
  /** Moves time on by at least that much; real clocks wait. */
  advanceTime(ms: number): Promise<void>;
  /** Resolves when what the transport has on its way to those who listen has come. Default: at once. */
  arrived?(): Promise<void>;
  /** When given, a relay publishes the journal, and projections take their events from here. */
  readonly transport?: Transport;
}

export interface ProjectionSubject extends ContractSubject, ProjectionGround {}
export type ProjectionFactory = ContractFactory<ProjectionSubject>;
export type ProjectionSuite = ContractSuite<ProjectionSubject>;

export interface ProcessOptions {
  readonly store?: ReadModelStore;
  readonly host?: Partial<ProjectionHostOptions>;
  readonly subscription?: Partial<SubscriptionOptions>;
}

/** One process that runs projections. */
export interface ProjectionProcess {
  readonly host: ProjectionHost;
  /** What repairs the mirrors of its read models, where there are any. */
  readonly sweeper: Sweeper;
  /** Its subscriptions, by name. */
  readonly runners: ReadonlyMap<string, SubscriptionRunner>;
}

/** A journal, and processes that feed read models from it: turned by hand. */
export class ProjectionWorld {
  readonly ground: ProjectionGround;
  readonly freshness: Freshness;
  readonly #processes: ProjectionProcess[] = [];
  #relay: Pump | undefined;

  constructor(ground: ProjectionGround) {
    this.ground = ground;
    this.freshness = new Freshness({ ...ground, subscriptions: ground.subscriptions });
  }

  /** Adds an event to a stream; resolves the consistency token of what was written. */
  async write(stream: string, data: NotedData, tenant = 'default') {
    const { writeStore, reader, clock } = this.ground;
    const time = new Date(clock.now()).toISOString();
    const event = envelope({ name: 'contract.Noted', data: JSON.stringify(data), tenant, time });
    const batch = append(stream, 'any', [], { tenant });
    const { ranges } = await writeStore.commit({ entries: [{ ...batch, events: [event] }] });
    const { incarnation } = await reader.info();
    return formatConsistency({ incarnation, ranges });
  }

  /** A process that runs these projections; it does nothing until it is turned. */
  async run(
    owner: string,
    projections: readonly ProjectionRegistration[],
    options: ProcessOptions = {},
  ): Promise<ProjectionProcess> {
    const { reader, subscriptions, clock, readModels, transport } = this.ground;
    const runners = new Map<string, SubscriptionRunner>();
    const { partitions } = await reader.info();
    this.#relay ??= this.#openRelay(partitions);
    const store = options.store ?? readModels;
    const resolved = projections.map((registration) => ({
      registration,
      folds: new ProjectionFolds(registration, undefined),
      store,
    }));
    const sweeper = new Sweeper({ projections: resolved, subscriptions, clock, owner });
    const host = new ProjectionHost({
      projections: resolved,
      subscriptions,
      reader,
      clock,
      partitions,
      owner,
      openFeed: async ({ subscription, consumer, ordering, honourDiscardsOf }) => {
        const arrivals = ordering === 'global' ? undefined : await transport?.subscribe(topic, subscription);
        const runner = new SubscriptionRunner({
          subscription,
          consumer,
          ordering,
          honourDiscardsOf,
          store: subscriptions,
          reader,
          clock,
          owner,
          partitions,
          parking: { immediate: 0, delaysInMs: [] },
          leaseInMs: 3_000,
          backoff: { firstInMs: 10, mostInMs: 10 },
          ...(arrivals !== undefined && { arrivals }),
          ...options.subscription,
        });
        return {
          start: () => void runners.set(subscription, runner),
          stop: async () => {
            runners.delete(subscription);
            await runner.stop();
          },
        };
      },
      ...options.host,
    });
    const process = { host, sweeper, runners };
    this.#processes.push(process);
    return process;
  }

  /** The process is gone, at once and without a word. */
  kill(process: ProjectionProcess): void {
    this.#processes.splice(this.#processes.indexOf(process), 1);
  }

  rebuilds(projections: readonly ProjectionRegistration[], partitions: number): Rebuilds {
    return new Rebuilds({ ...this.ground, projections, partitions, storeOf: () => this.ground.readModels });
  }

  /** Turns everything that runs until nothing is left to do. */
  async settle(): Promise<void> {
    for (let turns = 0; await this.turnOnce(); turns++) {
      if (turns > 10_000) throw new Error('This does not come to rest.');
    }
  }

  /** Turns everything that runs one time. Resolves whether anything was done. */
  async turnOnce(): Promise<boolean> {
    let worked = false;
    await this.ground.arrived?.();
    for (const pump of this.#pumps()) worked = (await pump.turn()) || worked;
    return worked;
  }

  /** Lets time pass in small steps, and settles after each. */
  async after(ms: number): Promise<void> {
    const stepInMs = Math.max(ms / 20, Math.min(ms, 500));
    for (let passed = 0; passed < ms; passed += stepInMs) {
      await this.ground.advanceTime(stepInMs);
      await this.settle();
    }
  }

  /** All documents of a tenant in a copy, by id. */
  async documents(projection: ProjectionRegistration, copy: Copy, tenant = 'default') {
    const model = this.ground.readModels.open<NotesDocument>(projection.definition, copy, tenant);
    const { documents } = await model.all({ limit: 1_000 });
    return Object.fromEntries(documents.map((document) => [document.id, document]));
  }

  /** The copy that serves. */
  async serving({ definition: { model, version } }: ProjectionRegistration): Promise<Copy | undefined> {
    const copies = await this.ground.readModels.list(model);
    const found = copies.find((copy) => copy.version === version && copy.state === 'serving');
    return found === undefined ? undefined : { model, version, generation: found.generation };
  }

  /** The documents that the serving copy holds. */
  async served(projection: ProjectionRegistration, tenant = 'default') {
    const copy = await this.serving(projection);
    return copy === undefined ? undefined : this.documents(projection, copy, tenant);
  }

  /** What a plain fold of the journal makes, without the events left out. */
  async folded(
    tenant = 'default',
    leaveOut: (id: string, stream: string, version: number) => boolean = () => false,
  ) {
    const documents: Record<string, NotesDocument> = {};
    for (const entry of await everything(this.ground.reader)) {
      if (entry.kind !== 'event' || entry.tenant !== tenant) continue;
      const data = JSON.parse(entry.data) as NotedData;
      for (const documentId of new Set(data.documents)) {
        if (leaveOut(documentId, entry.stream, entry.version)) continue;
        const after = note(data, documents[documentId], { ...entry, documentId });
        if (after === null) delete documents[documentId];
        else documents[documentId] = after;
      }
    }
    return documents;
  }

  parked(projection: ProjectionRegistration, generation = 1) {
    const subscription = subscriptionNameOf({ ...projection.definition, generation });
    return this.ground.subscriptions.listParked({ subscription });
  }

  #openRelay(partitions: number): Pump | undefined {
    const { transport, subscriptions, reader, clock } = this.ground;
    if (transport === undefined) return undefined;
    return new SubscriptionRunner({
      subscription: relayName(topic),
      consumer: relayToTopic(transport, topic),
      store: subscriptions,
      reader,
      clock,
      owner: 'relay',
      partitions,
      backoff: { firstInMs: 10, mostInMs: 10 },
    });
  }

  *#pumps(): Iterable<Pump> {
    if (this.#relay !== undefined) yield this.#relay;
    for (const { host, sweeper, runners } of [...this.#processes]) {
      yield host;
      yield* [...runners.values()];
      if (sweeper.isNeeded) yield sweeper;
    }
  }
}
