import type { WrittenRange } from '../journal/consistency-token.js';
import type { MessageMeta } from '../messages/envelope.js';
import type { InboxKey, SettledCommand } from '../unit-of-work/inbox.js';
import type { Session } from '../unit-of-work/session.js';

/** Under which key a unit of work remembers what it did. */
export interface UnitClaim {
  readonly key: InboxKey;
  /** How long to wait for another unit that holds the key, in milliseconds. */
  readonly waitInMs: number;
  readonly rememberForMs: number;
  /** Whether the result is stored with the mark. */
  readonly remember: boolean;
  /** The result as JSON text. */
  readonly encodeResult: (result: never) => string | undefined;
}

export interface UnitRequest {
  readonly meta: MessageMeta;
  readonly claim?: UnitClaim;
  readonly timeLimitInMs?: number;
  readonly abortSignal: AbortSignal;
}

export type UnitOutcome<T> =
  | { readonly kind: 'done'; readonly result: T; readonly ranges: readonly WrittenRange[] }
  | { readonly kind: 'settled'; readonly command: SettledCommand };

/** What the command pipeline needs of a unit of work. */
export interface UnitOfWorkPort {
  run<T>(request: UnitRequest, work: (session: Session) => Promise<T>): Promise<UnitOutcome<T>>;
}
