import type { RefusedError } from '../errors/domain-errors.js';
import type { WrittenRange } from '../journal/consistency-token.js';
import type { MessageMeta } from '../messages/envelope.js';
import type { Abortable } from '../pipeline/abortable.js';
import type { CommandOutcome, InboxKey, InboxMark, SettledCommand } from './inbox.js';

/** That a message may come twice, and how its outcome is remembered. */
export interface ClaimRequest<T = unknown> {
  readonly key: InboxKey;
  /** How long to wait for another copy that is being handled, in milliseconds. */
  readonly waitInMs: number;
  readonly rememberForMs: number;
  /** False for a result that must not be stored: only that the command ran is remembered. */
  readonly remember: boolean;
  /** The result as JSON text, `undefined` for none. */
  readonly encodeResult: (result: T) => string | undefined;
  /** Remembers a refusal by the domain as well: for queued commands, to which nobody waits to say it again. Default false. */
  readonly recordRefusals?: boolean;
}

export interface UnitOfWorkRequest<T = unknown> {
  /** Of the message being handled: it causes everything that the unit writes. */
  readonly meta: MessageMeta;
  readonly claim?: ClaimRequest<T> | undefined;
  /** How long the session may last, in milliseconds. Default: the store's `sessionTimeLimitInMs`. */
  readonly timeLimitInMs?: number | undefined;
  /** Gives the unit up, unless its final batch was sent already: then the batch's end is waited for. */
  readonly abortSignal?: Abortable | undefined;
}

/** `done`: the work ran and is committed. `settled`: it had run before, and this is what came of it. */
export type UnitOfWorkResult<T> =
  | { readonly kind: 'done'; readonly result: T; readonly ranges: readonly WrittenRange[] }
  | { readonly kind: 'settled'; readonly command: SettledCommand };

/** What is remembered of a command that ran. */
export function doneMark<T>(meta: MessageMeta, claim: ClaimRequest<T>, result: T): InboxMark {
  const text = claim.remember ? claim.encodeResult(result) : undefined;
  return mark(meta, claim, text === undefined ? { kind: 'done' } : { kind: 'done', result: text });
}

/** What is remembered of a command that the domain refused. */
export function refusedMark(
  meta: MessageMeta,
  claim: ClaimRequest<never>,
  { code, message, details }: RefusedError,
): InboxMark {
  return mark(meta, claim, { kind: 'refused', code, message, details });
}

function mark(
  meta: MessageMeta,
  { key, rememberForMs }: ClaimRequest<never>,
  outcome: CommandOutcome,
): InboxMark {
  return { key, messageId: meta.id, outcome, rememberForMs };
}
