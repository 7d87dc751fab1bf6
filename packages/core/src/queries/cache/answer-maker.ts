import { type Clock, sleep } from '../../clock/clock.js';
import { anonymous } from '../../messages/subject.js';
import type { Abortable } from '../../pipeline/abortable.js';
import type { Step } from '../../pipeline/behavior.js';
import { throwIfAborted, untilAborted } from '../../pipeline/until-aborted.js';
import type { QueryMessageContext } from '../query-context.js';
import type { CacheMetrics, NotKept } from './cache-metrics.js';
import type { GuardedStore } from './guarded-store.js';
import { encodeAnswer, handingOut, textOf } from './kept-answer.js';
import { defaultJitter, defaultMaxAnswerBytes, type QueryCacheOptions } from './query-cache-options.js';
import type { LookedUp } from './query-cache-store.js';
import { type UsableAnswer, usableAnswer } from './usable-answer.js';

/** One query on its way, and what its answer is kept under. */
export interface Asked {
  readonly query: object;
  readonly context: QueryMessageContext;
  readonly key: string;
  readonly copies: string;
}

export interface AnswerMakerOptions {
  readonly next: Step<QueryMessageContext>;
  readonly cache: QueryCacheOptions;
  readonly store: GuardedStore;
  readonly clock: Clock;
  readonly metrics: CacheMetrics;
  readonly leaseInMs: number;
  readonly waitInMs: number;
  readonly random: () => number;
}

/** A look at the store, with the time before it by the process's clock. */
export interface Look {
  readonly before: number;
  readonly found: LookedUp | undefined;
}

/** How long to pause before looking again whether another process has brought an answer. */
const firstPauseInMs = 20;
const longestPauseInMs = 200;
const utf8 = new TextEncoder();

/** Makes answers of one handler, one process at a time, and keeps them. */
export class AnswerMaker {
  readonly #options: AnswerMakerOptions;

  constructor(options: AnswerMakerOptions) {
    this.#options = options;
  }

  async look(key: string, token?: string): Promise<Look> {
    const { store, clock, leaseInMs } = this.#options;
    const before = clock.now();
    return { before, found: await store.look(key, token === undefined ? undefined : { token, leaseInMs }) };
  }

  release(key: string, token: string): Promise<void> {
    return this.#options.store.release(key, token);
  }

  usable(look: Look): UsableAnswer | undefined {
    return usableAnswer(look, this.#options.cache);
  }

  /** The answer that another process makes, or one of our own where none does, or it takes too long. */
  async makeOrWait(asked: Asked, signal: Abortable): Promise<UsableAnswer> {
    const { clock, waitInMs } = this.#options;
    const token = crypto.randomUUID();
    const giveUpAt = clock.now() + waitInMs;
    for (let pause = firstPauseInMs; ; pause = Math.min(2 * pause, longestPauseInMs)) {
      const look = await this.look(asked.key, token);
      const { claimed } = look.found ?? { claimed: false };
      const known = this.usable(look);
      if (known !== undefined) {
        if (claimed) void this.release(asked.key, token);
        return pause === firstPauseInMs ? known : { ...known, source: 'waited' };
      }
      const leftInMs = giveUpAt - clock.now();
      if (claimed || look.found === undefined || leftInMs <= 0) {
        return this.make(asked, look, signal, { token });
      }
      await sleep(clock, Math.min(pause, leftInMs));
      throwIfAborted(signal);
    }
  }

  /** Runs the handler, and keeps what it gives. It is as old as the look before it. */
  async make(
    asked: Asked,
    { before, found }: Look,
    signal: Abortable,
    { token, after = false }: { readonly token?: string; readonly after?: boolean } = {},
  ): Promise<UsableAnswer> {
    const { clock, cache } = this.#options;
    const release = async () => token && this.release(asked.key, token);
    const beganAt = clock.now();
    try {
      const { result, context } = await this.run(asked, signal, after);
      const text = textOf(result);
      const tookInMs = clock.now() - beganAt;
      const kept = this.#keep(asked, context, text, found, tookInMs).then(release);
      const give = text === 'unfit' ? () => result : handingOut(result, text.text);
      return { source: 'miss', begunAt: before, goodForMs: cache.ttlInMs, kept, give };
    } catch (error) {
      void release();
      throw error;
    }
  }

  /** The handler's answer, given to nobody else. */
  async run({ query, context: caller }: Pick<Asked, 'query' | 'context'>, signal: Abortable, after: boolean) {
    const { next, cache } = this.#options;
    throwIfAborted(signal);
    const context = caller.detached(cache.sharedBy === 'tenant' ? anonymous : caller.subject, { after });
    const abort = () => context.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      return { result: await untilAborted(next(query, context), context.abortable), context };
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async #keep(
    { key, copies, context: { name } }: Asked,
    context: QueryMessageContext,
    text: ReturnType<typeof textOf>,
    found: LookedUp | undefined,
    tookInMs: number,
  ): Promise<void> {
    const { store, metrics, cache, random } = this.#options;
    const { ttlInMs, jitter = defaultJitter, staleForMs = 0, maxBytes = defaultMaxAnswerBytes } = cache;
    const not = (reason: NotKept) => metrics.notKept(name, reason);
    if (text === 'unfit') return not('no-json');
    if (text.text !== undefined && utf8.encode(text.text).length > maxBytes) return not('too-large');
    if (context.copies !== copies) return not('copy-changed');
    if (found === undefined) return not('store');
    const freshForMs = Math.round(ttlInMs * (1 - jitter * random()));
    const { answeredAt } = context;
    const encoded = encodeAnswer({ ...text, freshForMs, tookInMs, answeredAt });
    if (tookInMs >= freshForMs + staleForMs) return not('too-late');
    const options = { begunAt: found.at, livesForMs: freshForMs + staleForMs };
    if (!(await store.keep(key, encoded, options))) not('store');
  }
}
