import type { WrittenRange } from '../journal/consistency-token.js';

/** How long a message that may come twice is remembered where nobody says otherwise, in milliseconds: seven days. */
export const defaultRememberForMs = 7 * 24 * 60 * 60 * 1_000;

/** Under which name a message that may come twice is remembered. */
export interface InboxKey {
  readonly tenant: string;
  /** Who handles it: `command:shop.PlaceOrder`, `events:send-mail`. */
  readonly handler: string;
  /** Whose key it is: the subject's id for an `Idempotency-Key`, `''` where the message id itself is unique. */
  readonly scope: string;
  /** The id that the sender repeats. */
  readonly id: string;
  /** A hash of the payload: another payload under the same key is refused. */
  readonly fingerprint: string;
}

/** Written in the final batch: the command has run, and this is its outcome. */
export interface InboxMark {
  readonly key: InboxKey;
  readonly messageId: string;
  readonly outcome: CommandOutcome;
  /** How long it is remembered, by the store's clock. */
  readonly rememberForMs: number;
}

export type CommandOutcome =
  | {
      readonly kind: 'done' /** The result as JSON text; absent for none and for `remember: false`. */;
      readonly result?: string;
    }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    };

/** What the inbox remembers of a command. */
export interface SettledCommand {
  readonly messageId: string;
  readonly outcome: CommandOutcome;
  readonly ranges: readonly WrittenRange[];
}
