/** An answer as a store has it. */
export interface StoredAnswer {
  /** What `keep` was given. */
  readonly text: string;
  /** When its making began. */
  readonly begunAt: number;
}

/** Asks for the lease of a key: whoever has it makes the answer, and others wait for that. */
export interface AnswerClaim {
  /** Who asks: a text that nobody else uses. */
  readonly token: string;
  /** After how long the lease runs out by itself, in milliseconds. */
  readonly leaseInMs: number;
}

/** What was found in one step. */
export interface LookedUp {
  /** When that was, by the store's clock, in milliseconds. */
  readonly at: number;
  readonly answer: StoredAnswer | undefined;
  /** Whether the lease is the claimant's: it had it already, or has it now. `false` where none was asked for. */
  readonly claimed: boolean;
}

export interface KeepOptions {
  /** When the making of the answer began: the `at` of a look before it. */
  readonly begunAt: number;
  /** For how long from then on it is kept, in milliseconds. Where that is over already, it is not kept. */
  readonly livesForMs: number;
}

/**
 * Where answers to queries are kept for a while, for one process or for several. It may forget any of them at any time;
 * but it never gives one whose time is over, or another key's. All times are by its own clock, which is the same for all
 * who ask it.
 *
 * What it throws costs a query nothing but the time until it throws: its handler then answers.
 */
export interface QueryCacheStore {
  /** The answer under a key, which is a text of any length; and, in the same step, the lease if nobody else has it. */
  look(key: string, claim?: AnswerClaim): Promise<LookedUp>;
  /**
   * Puts an answer under a key, unless there is one whose making began later. Resolves whether it is kept: a store may
   * have no room.
   */
  keep(key: string, text: string, options: KeepOptions): Promise<boolean>;
  /** Gives the lease back, if it is still that token's. */
  release(key: string, token: string): Promise<void>;
}
