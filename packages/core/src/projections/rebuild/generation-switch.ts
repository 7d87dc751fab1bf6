import type { Copy } from '../../read-models/read-model-store.js';
import type { ParkedMessage } from '../../subscriptions/parked-message.js';
import type { Ownership } from '../../subscriptions/subscription-store.js';
import { CatchUp } from '../catch-up.js';
import { handover } from '../handover.js';
import { hasPassed, type Positions } from '../progress.js';
import { type ProjectionSurroundings, partitionsOf, type RunningProjection } from '../running-projection.js';
import { subscriptionNameOf } from '../subscription-name.js';
import { parkedOnlyIn, passOnDiscards } from './missing-documents.js';

export interface SwitchOptions {
  /**
   * How long an owner of the old copy's partitions may take to finish the batch in hand after it was fenced, in
   * milliseconds. Default 1,000.
   */
  readonly settleInMs?: number | undefined;
  /** How long the old copy may stand still for one attempt, in milliseconds. Default 15,000. */
  readonly attemptInMs?: number | undefined;
}

/** `worked`: something was done, and the next turn goes on from there. */
export type SwitchOutcome = 'idle' | 'worked' | 'switched';

/** The old copy's partitions, taken so that it stands still. */
interface Standstill {
  readonly ownerships: readonly Ownership[];
  readonly since: number;
  targets: Positions | undefined;
}

/**
 * How long the old copy's partitions are held after a sign of life, in milliseconds: when the switcher dies, the old
 * copy is fed again after that. Longer than it must stand still after a switch, so that it does even then.
 */
const leaseInMs = 5_000;
/** For clocks that do not run quite alike, in milliseconds. */
const marginInMs = 500;

/**
 * Puts a new generation in the place of the serving one, so that no query sees an older document afterwards: brings
 * the old one to a standstill, lets the new one pass it, switches in one step, and lets the old one go on when nobody
 * reads it any more. Each turn does one step.
 */
export class GenerationSwitch {
  readonly #projection: RunningProjection;
  readonly #around: ProjectionSurroundings;
  readonly #options: { readonly settleInMs: number; readonly attemptInMs: number };
  readonly #catchUp: CatchUp;
  readonly #from: Copy;
  readonly #to: Copy;
  #standstill: Standstill | undefined;
  #switchedAt: number | undefined;
  #blockedBy: readonly ParkedMessage[] = [];

  constructor(
    projection: RunningProjection,
    around: ProjectionSurroundings,
    copies: { readonly from: Copy; readonly to: Copy },
    options: SwitchOptions = {},
  ) {
    this.#projection = projection;
    this.#around = around;
    this.#from = copies.from;
    this.#to = copies.to;
    this.#options = {
      settleInMs: options.settleInMs ?? 1_000,
      attemptInMs: options.attemptInMs ?? 15_000,
    };
    this.#catchUp = new CatchUp({ ...around, subscription: subscriptionNameOf(copies.to) });
  }

  get to(): Copy {
    return this.#to;
  }

  /** The messages that only the new copy has parked: it does not switch before they are handled or discarded. */
  get blockedBy(): readonly ParkedMessage[] {
    return this.#blockedBy;
  }

  /** True while the old copy stands still: the next turn should not be long in coming. */
  get isClosing(): boolean {
    return this.#standstill !== undefined;
  }

  async turn(): Promise<SwitchOutcome> {
    if (this.#standstill !== undefined) return this.#close(this.#standstill);
    if (!(await this.#catchUp.isDone())) return 'idle';
    if (await this.#isBlocked()) return 'idle';
    this.#standstill = await this.#stopOld();
    return 'worked';
  }

  /**
   * After the switch: lets the old copy go on when every process has gone over to the new one. Resolves whether that
   * is done.
   */
  async handOver(): Promise<boolean> {
    const { clock } = this.#around;
    if (clock.now() - (this.#switchedAt ?? 0) < handover.standsStillForMs) return false;
    await this.giveUp();
    return true;
  }

  /** Lets the old copy go on. */
  async giveUp(): Promise<void> {
    const ownerships = this.#standstill?.ownerships ?? [];
    this.#standstill = undefined;
    if (ownerships.length > 0) await this.#around.subscriptions.release(ownerships);
  }

  async #stopOld(): Promise<Standstill> {
    const { subscriptions, clock } = this.#around;
    const since = clock.now();
    const ownerships = await Promise.all(
      this.#partitions.map((partition) => subscriptions.seize({ ...this.#request, partition })),
    );
    return { ownerships, since, targets: undefined };
  }

  async #close(standstill: Standstill): Promise<SwitchOutcome> {
    const { reader, subscriptions, clock } = this.#around;
    const elapsed = clock.now() - standstill.since;
    if (elapsed < this.#options.settleInMs) return 'idle';
    const servedForMs = await this.#servedForMs();
    if (elapsed > this.#options.attemptInMs || !(await this.#isStill(standstill))) {
      await this.giveUp();
      return 'worked';
    }
    standstill.targets ??= await reader.heads();
    if (!hasPassed(await subscriptions.state(subscriptionNameOf(this.#to)), standstill.targets))
      return 'idle';
    if (await this.#isBlocked()) {
      await this.giveUp();
      return 'worked';
    }
    // However long this is held up on its way: while it can still be done, the old copy stands still, and will for
    // as long as it is read.
    const servedForLessThanMs = servedForMs + leaseInMs - handover.standsStillForMs - marginInMs;
    // The answer may get lost. It may have been done then, so the old copy is not let go: the leases end by themselves.
    this.#standstill = undefined;
    const outcome = await this.#projection.store.switch(this.#from, this.#to, { servedForLessThanMs });
    this.#standstill = standstill;
    if (outcome === 'switched') {
      this.#switchedAt = clock.now();
      return 'switched';
    }
    await this.giveUp();
    return 'worked';
  }

  /** For how long the old copy has served, by the clock of its store: asked before the leases are renewed. */
  async #servedForMs(): Promise<number> {
    const copies = await this.#projection.store.list(this.#from.model);
    const { version, generation } = this.#from;
    const from = copies.find((copy) => copy.version === version && copy.generation === generation);
    return from?.state === 'serving' ? from.stateAgeInMs : Number.NEGATIVE_INFINITY;
  }

  /** Whether the old copy's partitions are still ours, so that none of them has moved; and holds them on. */
  async #isStill({ ownerships }: Standstill): Promise<boolean> {
    const partitions = this.#partitions;
    const { owned } = await this.#around.subscriptions.acquire({ ...this.#request, partitions });
    const epochs = new Map(owned.map(({ partition, epoch }) => [partition, epoch]));
    return ownerships.every(({ partition, epoch }) => epochs.get(partition) === epoch);
  }

  get #partitions(): readonly number[] {
    return partitionsOf(this.#projection.registration, this.#around.partitions);
  }

  get #request() {
    return { subscription: subscriptionNameOf(this.#from), owner: `${this.#around.owner}/switch`, leaseInMs };
  }

  async #isBlocked(): Promise<boolean> {
    const { subscriptions } = this.#around;
    const next = subscriptionNameOf(this.#to);
    const old = subscriptionNameOf(this.#from);
    this.#blockedBy = await parkedOnlyIn(subscriptions, next, old);
    if (this.#blockedBy.length > 0) await passOnDiscards(subscriptions, next, old, this.#blockedBy);
    return this.#blockedBy.length > 0;
  }
}
