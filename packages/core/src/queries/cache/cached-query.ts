import type { Clock } from '../../clock/clock.js';
import type { Abortable } from '../../pipeline/abortable.js';
import type { Logger } from '../../telemetry/logger.js';
import type { QueryMessageContext } from '../query-context.js';
import { answerKeyOf } from './answer-key.js';
import type { AnswerMaker, Asked } from './answer-maker.js';
import type { AnswerSource, CacheMetrics } from './cache-metrics.js';
import { Flight } from './flight.js';
import { holdsAfter } from './kept-answer.js';
import type { QueryCacheOptions } from './query-cache-options.js';
import { isDueEarly, type UsableAnswer } from './usable-answer.js';

export interface CachedQueryOptions {
  readonly cache: QueryCacheOptions;
  readonly maker: AnswerMaker;
  readonly program: string;
  /** The copies that the handler reads now; `undefined` where it reads none. */
  readonly copiesRead: (() => Promise<string>) | undefined;
  /** How long the handler may take. */
  readonly limitInMs: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: CacheMetrics;
  readonly random: () => number;
}

/** A refresh that failed is not tried again at once. */
const pauseAfterFailureInMs = 1_000;

/** Answers the queries of one handler: one flight for all who ask the same. */
export class CachedQuery {
  readonly #options: CachedQueryOptions;
  readonly #flights = new Map<string, Flight<UsableAnswer>>();
  /** Keys whose answers are made anew in the background. */
  readonly #refreshing = new Set<string>();

  constructor(options: CachedQueryOptions) {
    this.#options = options;
  }

  async ask(query: object, context: QueryMessageContext): Promise<unknown> {
    const asked = await this.#asked(query, context);
    if (asked === undefined) return this.#past({ query, context });
    return context.after === undefined ? this.#together(asked) : this.#atLeast(asked);
  }

  async #asked(query: object, context: QueryMessageContext): Promise<Asked | undefined> {
    const { copiesRead, program, cache } = this.#options;
    try {
      const copies = (await copiesRead?.()) ?? '';
      const key = answerKeyOf(query, context, { program, copies, sharedBy: cache.sharedBy });
      return key === undefined ? undefined : { query, context, key, copies };
    } catch {
      // What is wrong with the read models is told by whoever opens them.
      return undefined;
    }
  }

  async #past(asked: Pick<Asked, 'query' | 'context'>): Promise<unknown> {
    const { maker, metrics } = this.#options;
    const { context } = asked;
    metrics.answered(context.name, 'past');
    return (await maker.run(asked, context.abortable, true)).result;
  }

  /** One that asks for a certain freshness is not content with what is on its way. */
  async #atLeast(asked: Asked): Promise<unknown> {
    const { maker, metrics } = this.#options;
    const { context, key } = asked;
    const look = await maker.look(key);
    const known = maker.usable(look);
    if (known?.answer !== undefined && holdsAfter(known.answer, context.after)) {
      this.#refreshIfDue(known, asked);
      metrics.answered(context.name, known.source);
      return known.give();
    }
    metrics.answered(context.name, 'past');
    return (await maker.make(asked, look, context.abortable, { after: true })).give();
  }

  async #together(asked: Asked): Promise<unknown> {
    const { clock, metrics } = this.#options;
    const { context, key } = asked;
    const askedAt = clock.now();
    for (let unfit: Flight<UsableAnswer> | undefined; ; ) {
      const known = this.#flights.get(key);
      const leads = known === undefined || known === unfit || this.#isTooOld(known, askedAt);
      const flight = leads ? this.#begin(asked) : known;
      let made: UsableAnswer;
      try {
        made = await flight.join(context.abortable);
      } catch (error) {
        // Its time was over, and not that of one who came later.
        if (error !== flight.over || leads) throw error;
        unfit = flight;
        continue;
      }
      if (leads || askedAt < made.begunAt + made.goodForMs) {
        metrics.answered(context.name, leads ? made.source : shared(made.source));
        return made.give();
      }
      unfit = flight;
    }
  }

  #isTooOld({ begunAt }: Flight<UsableAnswer>, askedAt: number): boolean {
    return askedAt - begunAt >= this.#options.cache.ttlInMs;
  }

  #begin(asked: Asked): Flight<UsableAnswer> {
    const { clock, limitInMs } = this.#options;
    const { key, context } = asked;
    const limit = Math.max(limitInMs, context.options.timeoutInMs ?? 0);
    const work = async (signal: Abortable) => {
      try {
        const made = await this.#answer(asked, signal);
        // Until others can find it in the store, they find it here.
        void made.kept.then(forget);
        return made;
      } catch (error) {
        forget();
        throw error;
      }
    };
    const flight = new Flight({ wireName: context.name, clock, limitInMs: limit }, work);
    const forget = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    this.#flights.set(key, flight);
    return flight;
  }

  async #answer(asked: Asked, signal: Abortable): Promise<UsableAnswer> {
    const { maker } = this.#options;
    const look = await maker.look(asked.key);
    const known = maker.usable(look);
    if (known !== undefined) {
      this.#refreshIfDue(known, asked);
      return known;
    }
    // A store that is away would only be asked once more.
    return look.found === undefined ? maker.make(asked, look, signal) : maker.makeOrWait(asked, signal);
  }

  #refreshIfDue(known: UsableAnswer, asked: Asked): void {
    const { clock, cache, random } = this.#options;
    if (this.#refreshing.has(asked.key)) return;
    if (known.source === 'stale' || isDueEarly(known, clock.now(), cache, random))
      this.#refresh(known, asked);
  }

  #refresh(known: UsableAnswer, asked: Asked): void {
    const { clock, limitInMs, logger, metrics } = this.#options;
    const { key, context } = asked;
    this.#refreshing.add(key);
    const done = () => void this.#refreshing.delete(key);
    const flight = new Flight({ wireName: context.name, clock, limitInMs }, (signal) =>
      this.#renew(known, asked, signal),
    );
    flight.join(flight.signal).then(done, (error: unknown) => {
      metrics.refreshFailed(context.name);
      logger.warn('answer not made anew', { wireName: context.name, error: String(error) });
      clock.after(pauseAfterFailureInMs, done, { background: true });
    });
  }

  /** Unless another process is at it, or has done it already. */
  async #renew(known: UsableAnswer, asked: Asked, signal: Abortable): Promise<void> {
    const { maker } = this.#options;
    const token = crypto.randomUUID();
    const look = await maker.look(asked.key, token);
    if (look.found?.claimed !== true) return;
    const now = maker.usable(look);
    if (now?.source === 'hit' && now.storedBegunAt !== known.storedBegunAt) {
      return maker.release(asked.key, token);
    }
    await (await maker.make(asked, look, signal, { token })).kept;
  }
}

/** What it is called for those who did not begin it. */
function shared(source: AnswerSource): AnswerSource {
  return source === 'miss' ? 'waited' : source;
}
