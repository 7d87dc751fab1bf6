import type { Copy, CopyInfo } from '../read-models/read-model-store.js';
import { CatchUp } from './catch-up.js';
import { CopyFeeds } from './copy-feeds.js';
import { dropCopy } from './rebuild/drop-copy.js';
import { GenerationSwitch, type SwitchOptions } from './rebuild/generation-switch.js';
import type {
  CopyFeed,
  FeedRequest,
  ProjectionSurroundings,
  RunningProjection,
} from './running-projection.js';
import { subscriptionNameOf } from './subscription-name.js';
import { removeTombstones } from './tombstone-cleaner.js';

export interface UpkeepOptions extends SwitchOptions {
  readonly openFeed: (request: FeedRequest) => CopyFeed | Promise<CopyFeed>;
  /** How long a copy that has retired is still fed, in milliseconds. Default ten minutes. */
  readonly retiredGraceInMs?: number | undefined;
  /** How long the right to decide lasts without a renewal, in milliseconds. Default 30,000. */
  readonly leaseInMs?: number | undefined;
  /** Called when another copy serves. */
  readonly onServing?: ((copy: Copy) => void) | undefined;
}

const defaultLeaseInMs = 30_000;
const cleanEveryMs = 60 * 60 * 1_000;
/** Between the end of feeding and the drop, so that every process has noticed. */
const dropDelayInMs = 60_000;

/** For how long a first copy may be about to serve, in milliseconds. */
const soonInMs = 3_000;

/**
 * Looks after the copies of one projection: makes the first, feeds those that are to be fed, lets one serve when it
 * has caught up, switches to a rebuilt one, and drops what nobody needs. One process at a time decides.
 */
export class ProjectionUpkeep {
  readonly #projection: RunningProjection;
  readonly #around: ProjectionSurroundings;
  readonly #options: UpkeepOptions;
  readonly #feeds: CopyFeeds;
  #firstCatchUp: CatchUp | undefined;
  #catchingUpSince: number | undefined;
  #switch: GenerationSwitch | undefined;
  /** One that has switched, until everybody reads the new copy. */
  #handingOver: GenerationSwitch | undefined;
  #cleanAt: number | undefined;

  constructor(projection: RunningProjection, around: ProjectionSurroundings, options: UpkeepOptions) {
    this.#projection = projection;
    this.#around = around;
    this.#options = options;
    this.#feeds = new CopyFeeds(projection, options.openFeed);
  }

  /** Whether it should be turned again soon: somebody waits for what comes next. */
  get isPressing(): boolean {
    return this.#handingOver !== undefined || (this.#switch?.isClosing ?? false) || this.#isAboutToServe;
  }

  /** Most programs have caught up a moment after they were started; one that has much to read is looked at as usual. */
  get #isAboutToServe(): boolean {
    const { clock } = this.#around;
    return this.#catchingUpSince !== undefined && clock.now() - this.#catchingUpSince < soonInMs;
  }

  /** One round of work. Resolves whether anything was done. */
  async turn(): Promise<boolean> {
    if ((await this.#handingOver?.handOver()) === true) this.#handingOver = undefined;
    const copies = await this.#copies();
    const fedChanged = await this.#feeds.keep(
      copies.filter((copy) => this.#isFed(copy)),
      copies,
    );
    if (!this.#needsDecision(copies) || !(await this.#mayDecide())) {
      // Another process decides now, so this one must not keep the old copy at a standstill.
      await this.#giveUpSwitch();
      return fedChanged;
    }
    const steps = [
      await this.#serveFirst(copies),
      await this.#switchGeneration(copies),
      await this.#dropOld(copies),
      await this.#clean(copies),
    ];
    return fedChanged || steps.includes(true);
  }

  async stop(): Promise<void> {
    // One that is handing over is left alone: its leases end by themselves, when nobody reads the old copy any more.
    await this.#giveUpSwitch().catch(() => undefined);
    await this.#feeds.stop();
    const { subscriptions } = this.#around;
    const { owned } = await subscriptions
      .acquire({ ...this.#lease(), leaseInMs: 1, most: 0 })
      .catch(() => ({ owned: [] }));
    await subscriptions.release(owned).catch(() => undefined);
  }

  async #copies(): Promise<readonly CopyInfo[]> {
    const { store, registration } = this.#projection;
    const { model, version } = registration.definition;
    const copies = (await store.list(model)).filter((copy) => copy.version === version);
    if (copies.length > 0) return copies;
    return [await store.create(registration.definition, { model, version, generation: 1 })];
  }

  #isFed({ state, stateAgeInMs }: CopyInfo): boolean {
    return (
      state === 'building' || state === 'serving' || (state === 'retired' && stateAgeInMs < this.#graceInMs)
    );
  }

  get #graceInMs(): number {
    return this.#options.retiredGraceInMs ?? 600_000;
  }

  #needsDecision(copies: readonly CopyInfo[]): boolean {
    const isCleaningDue = this.#cleanAt === undefined || this.#around.clock.now() >= this.#cleanAt;
    return isCleaningDue || copies.some(({ state }) => state !== 'serving');
  }

  /** One process decides at a time; when it is gone, another one goes on. */
  async #mayDecide(): Promise<boolean> {
    const { owned } = await this.#around.subscriptions.acquire(this.#lease());
    return owned.length > 0;
  }

  #lease() {
    const { model, version } = this.#projection.registration.definition;
    return {
      subscription: `upkeep/${model}/v${version}`,
      partitions: [0],
      owner: this.#around.owner,
      leaseInMs: this.#options.leaseInMs ?? defaultLeaseInMs,
    };
  }

  async #serveFirst(copies: readonly CopyInfo[]): Promise<boolean> {
    const first = copies.find(({ state }) => state === 'building');
    if (first === undefined || copies.some(({ state }) => state === 'serving')) return false;
    this.#firstCatchUp ??= new CatchUp({ ...this.#around, subscription: subscriptionNameOf(first) });
    this.#catchingUpSince ??= this.#around.clock.now();
    if (!(await this.#firstCatchUp.isDone())) return false;
    this.#catchingUpSince = undefined;
    if ((await this.#projection.store.switch(undefined, first)) === 'switched')
      this.#options.onServing?.(first);
    return true;
  }

  async #switchGeneration(copies: readonly CopyInfo[]): Promise<boolean> {
    const from = copies.find(({ state }) => state === 'serving');
    const to = copies.find(({ state }) => state === 'building');
    if (this.#switch?.to.generation !== to?.generation) await this.#giveUpSwitch();
    if (from === undefined || to === undefined) return false;
    this.#switch ??= new GenerationSwitch(this.#projection, this.#around, { from, to }, this.#options);
    const outcome = await this.#switch.turn();
    if (outcome === 'switched') {
      this.#handingOver = this.#switch;
      this.#switch = undefined;
      this.#options.onServing?.(to);
    }
    return outcome !== 'idle';
  }

  async #giveUpSwitch(): Promise<void> {
    const given = this.#switch;
    this.#switch = undefined;
    await given?.giveUp();
  }

  async #dropOld(copies: readonly CopyInfo[]): Promise<boolean> {
    const isOld = ({ state, stateAgeInMs }: CopyInfo) =>
      (state === 'retired' || state === 'abandoned') && stateAgeInMs >= this.#graceInMs + dropDelayInMs;
    const old = copies.filter(isOld);
    for (const copy of old) {
      await dropCopy(copy, this.#projection.store, this.#around.subscriptions);
    }
    return old.length > 0;
  }

  async #clean(copies: readonly CopyInfo[]): Promise<boolean> {
    const { clock, subscriptions } = this.#around;
    if (this.#cleanAt !== undefined && clock.now() < this.#cleanAt) return false;
    this.#cleanAt = clock.now() + cleanEveryMs;
    let removed = 0;
    for (const copy of copies.filter((one) => this.#isFed(one))) {
      removed += await removeTombstones(this.#projection.store, copy, subscriptions);
    }
    return removed > 0;
  }
}
