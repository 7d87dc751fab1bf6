import { DiptychError } from '../../errors/diptych-error.js';
import type { JournalReader } from '../../journal/journal-reader.js';
import { ReadModelNotReadyError } from '../../read-models/read-model-errors.js';
import type { Copy, CopyInfo, ReadModelStore } from '../../read-models/read-model-store.js';
import type { ParkedMessage } from '../../subscriptions/parked-message.js';
import type { SubscriptionStore } from '../../subscriptions/subscription-store.js';
import { checkpointIn } from '../progress.js';
import type { ProjectionRegistration } from '../projection-registration.js';
import { subscriptionNameOf } from '../subscription-name.js';
import { dropCopy } from './drop-copy.js';
import { parkedOnlyIn } from './missing-documents.js';

export interface RebuildsOptions {
  readonly projections: readonly ProjectionRegistration[];
  readonly storeOf: (registration: ProjectionRegistration) => ReadModelStore;
  readonly subscriptions: SubscriptionStore;
  readonly reader: JournalReader;
  readonly partitions: number;
  /** Called when a copy was made or given up, so that the host of this process looks at once. */
  readonly onChange?: (() => void) | undefined;
}

export interface RebuildProgress {
  readonly copy: Copy;
  /** Events and commands of the journal that it has come past. */
  readonly done: number;
  /** Events and commands in the journal. */
  readonly total: number;
  /** What only the new copy has parked: it does not switch before an operator has dealt with it. */
  readonly blockedBy: readonly ParkedMessage[];
}

/** What operators do with copies of read models. It works from any process; those that feed projections act on it. */
export class Rebuilds {
  readonly #options: RebuildsOptions;

  constructor(options: RebuildsOptions) {
    this.#options = options;
  }

  /**
   * Begins to fill a new generation from the journal, beside the one that serves; the copy that is being filled
   * where there is one already. It serves once it has caught up.
   * @throws ReadModelNotReadyError while the first generation is still being built; DiptychError
   *   `projection-unknown`.
   */
  async start(name: string): Promise<Copy> {
    const { registration, store } = this.#find(name);
    const { model, version } = registration.definition;
    const copies = await this.#copiesOf(registration);
    if (!copies.some(({ state }) => state === 'serving')) throw new ReadModelNotReadyError(model, version);
    const building = copies.find(({ state }) => state === 'building');
    const generation = building?.generation ?? Math.max(...copies.map((copy) => copy.generation)) + 1;
    const copy: Copy = { model, version, generation };
    await store.create(registration.definition, copy);
    this.#options.onChange?.();
    return copy;
  }

  /** Gives a rebuild up; the serving copy goes on as before. */
  async cancel(name: string): Promise<'cancelled' | 'not-building'> {
    const { registration, store } = this.#find(name);
    const copies = await this.#copiesOf(registration);
    const building = copies.find(({ state }) => state === 'building');
    const isRepair = copies.some(({ state }) => state === 'serving');
    if (building === undefined || !isRepair) return 'not-building';
    const outcome = await store.abandon(building);
    this.#options.onChange?.();
    return outcome === 'abandoned' ? 'cancelled' : 'not-building';
  }

  /** How far the copies are that are being built: repair rebuilds, and versions that do not serve yet. */
  async progress(): Promise<readonly RebuildProgress[]> {
    const perProjection = await Promise.all(
      this.#options.projections.map(async (registration) => {
        const copies = await this.#copiesOf(registration);
        const serving = copies.find(({ state }) => state === 'serving');
        const building = copies.filter(({ state }) => state === 'building');
        return Promise.all(building.map((copy) => this.#progressOf(copy, serving)));
      }),
    );
    return perProjection.flat();
  }

  /**
   * The subscription that feeds the copy that serves, of a projection that is named by the one of its first copy;
   * `undefined` for another name, and while none serves.
   */
  async servingSubscription(first: string): Promise<string | undefined> {
    const registration = this.#options.projections.find(
      ({ definition }) => subscriptionNameOf({ ...definition, generation: 1 }) === first,
    );
    const copies = registration === undefined ? [] : await this.#copiesOf(registration);
    const serving = copies.find(({ state }) => state === 'serving');
    return serving && subscriptionNameOf(serving);
  }

  /**
   * Removes everything of another version of a read model: copies, checkpoints, parked messages. For versions that
   * no running program has any more; the present one is refused.
   */
  async dropVersion(name: string, version: number): Promise<number> {
    const { registration, store } = this.#find(name);
    if (version === registration.definition.version) {
      throw new DiptychError({
        code: 'version-in-use',
        message: `Version ${version} of '${name}' is the one that this program reads.`,
      });
    }
    const copies = (await store.list(name)).filter((copy) => copy.version === version);
    for (const copy of copies) {
      await dropCopy(copy, store, this.#options.subscriptions);
    }
    return copies.length;
  }

  async #progressOf(copy: CopyInfo, serving: CopyInfo | undefined): Promise<RebuildProgress> {
    const { subscriptions, reader, partitions } = this.#options;
    const subscription = subscriptionNameOf(copy);
    const states = await subscriptions.state(subscription);
    const all = [...Array(partitions).keys()];
    const ahead = all.map((partition) => ({ partition, after: checkpointIn(states, partition) }));
    const whole = all.map((partition) => ({ partition, after: undefined }));
    const [left, total] = await Promise.all([reader.backlog(ahead), reader.backlog(whole)].map(entriesIn));
    const { model, version, generation } = copy;
    return {
      copy: { model, version, generation },
      done: Math.max(0, total! - left!),
      total: total!,
      blockedBy:
        serving === undefined
          ? []
          : await parkedOnlyIn(subscriptions, subscription, subscriptionNameOf(serving)),
    };
  }

  async #copiesOf(registration: ProjectionRegistration): Promise<readonly CopyInfo[]> {
    const { model, version } = registration.definition;
    const copies = await this.#options.storeOf(registration).list(model);
    return copies.filter((copy) => copy.version === version);
  }

  #find(name: string) {
    const registration = this.#options.projections.find((one) => one.name === name);
    if (registration !== undefined) return { registration, store: this.#options.storeOf(registration) };
    throw new DiptychError({
      code: 'projection-unknown',
      message: `There is no projection '${name}'.`,
      details: { name },
    });
  }
}

async function entriesIn(backlog: ReturnType<JournalReader['backlog']>): Promise<number> {
  return (await backlog).reduce((sum, { entries }) => sum + entries, 0);
}
