import { commandSubscription } from '../commands/command-consumer.js';
import { findOutcome } from '../commands/command-outcome.js';
import type { ConsistencyToken } from '../journal/consistency-token.js';
import { formatConsistency } from '../journal/consistency-token.js';
import type { SettledCommand } from '../unit-of-work/inbox.js';
import type { WritableDatabase } from './database.js';

/** What has become of a sent command. */
export type CommandStatus =
  /** It has not run yet, or waits for its next try. */
  | { readonly state: 'pending' }
  | { readonly state: 'done'; readonly result?: unknown; readonly consistency: ConsistencyToken }
  | {
      readonly state: 'refused';
      readonly code: string;
      readonly message: string;
      readonly details: Readonly<Record<string, unknown>>;
    }
  /** It failed and waits for an operator. */
  | { readonly state: 'parked' };

/** Which sent command is meant. */
export interface SentCommand {
  readonly wireName: string;
  readonly tenant: string;
}

/** Asks the inbox, and where it knows nothing the parked messages. An id that was never sent is `pending` too. */
export async function commandStatus(
  { writeStore, subscriptions }: WritableDatabase,
  incarnation: string,
  messageId: string,
  { wireName, tenant }: SentCommand,
): Promise<CommandStatus> {
  const settled = await findOutcome(writeStore, { tenant, wireName, messageId });
  if (settled !== undefined) return statusOf(settled, incarnation);
  const parked = await subscriptions.listParked({ subscription: commandSubscription, messageId });
  return { state: parked.some(({ state }) => state === 'held') ? 'parked' : 'pending' };
}

function statusOf({ outcome, ranges }: SettledCommand, incarnation: string): CommandStatus {
  if (outcome.kind === 'refused') {
    const { code, message, details } = outcome;
    return { state: 'refused', code, message, details };
  }
  const consistency = formatConsistency({ incarnation, ranges });
  if (outcome.result === undefined) return { state: 'done', consistency };
  return { state: 'done', result: JSON.parse(outcome.result) as unknown, consistency };
}
