import type { Clock } from '../clock/clock.js';
import { systemClock } from '../clock/system-clock.js';
import type {
  AnswerClaim,
  KeepOptions,
  LookedUp,
  QueryCacheStore,
  StoredAnswer,
} from '../queries/cache/query-cache-store.js';

export interface MemoryQueryCacheStoreOptions {
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** How many answers are kept at most; the one not asked for longest goes first. Default 1,000. */
  readonly maxAnswers?: number | undefined;
  /** How many characters of keys and answers are kept at most. Default 16 Mi. */
  readonly maxCharacters?: number | undefined;
}

interface Entry extends StoredAnswer {
  readonly until: number;
}

interface Lease {
  readonly token: string;
  readonly until: number;
}

/** Answers of one process, for as long as it lives. */
export class MemoryQueryCacheStore implements QueryCacheStore {
  readonly #clock: Clock;
  readonly #maxAnswers: number;
  readonly #maxCharacters: number;
  /** The one not asked for longest is first. */
  readonly #entries = new Map<string, Entry>();
  readonly #leases = new Map<string, Lease>();
  #characters = 0;

  constructor(options: MemoryQueryCacheStoreOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#maxAnswers = options.maxAnswers ?? 1_000;
    this.#maxCharacters = options.maxCharacters ?? 16 * 1_024 * 1_024;
  }

  async look(key: string, claim?: AnswerClaim): Promise<LookedUp> {
    const at = this.#clock.now();
    const entry = this.#take(key, at);
    const answer = entry && { text: entry.text, begunAt: entry.begunAt };
    return { at, answer, claimed: claim !== undefined && this.#claim(key, claim, at) };
  }

  async keep(key: string, text: string, { begunAt, livesForMs }: KeepOptions): Promise<boolean> {
    const now = this.#clock.now();
    const until = begunAt + livesForMs;
    const known = this.#take(key, now);
    if (until <= now || (known !== undefined && known.begunAt > begunAt)) return false;
    if (sizeOf(key, text) > this.#maxCharacters) return false;
    this.#remove(key);
    this.#entries.set(key, { text, begunAt, until });
    this.#characters += sizeOf(key, text);
    while (this.#entries.size > this.#maxAnswers || this.#characters > this.#maxCharacters) {
      this.#remove(this.#entries.keys().next().value!);
    }
    return true;
  }

  async release(key: string, token: string): Promise<void> {
    if (this.#leases.get(key)?.token === token) this.#leases.delete(key);
  }

  /** The entry, which is now the last that was asked for. */
  #take(key: string, now: number): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.until <= now) {
      this.#remove(key);
      return undefined;
    }
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry;
  }

  #claim(key: string, { token, leaseInMs }: AnswerClaim, now: number): boolean {
    const held = this.#leases.get(key);
    if (held !== undefined && held.token !== token && held.until > now) return false;
    this.#leases.set(key, { token, until: now + leaseInMs });
    if (this.#leases.size > this.#maxAnswers) this.#forgetLeases(now);
    return true;
  }

  /** Those that nobody gave back. */
  #forgetLeases(now: number): void {
    for (const [key, { until }] of this.#leases) if (until <= now) this.#leases.delete(key);
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#characters -= sizeOf(key, entry.text);
  }
}

function sizeOf(key: string, text: string): number {
  return key.length + text.length;
}
