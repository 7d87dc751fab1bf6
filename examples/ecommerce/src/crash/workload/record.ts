import type { SentCommand } from '../sent-command.js';

/** What customers know, for others of them to look at and for the judge. */
export class Record {
  readonly sent: SentCommand[] = [];
  /** Orders and returns of which somebody has the answer, and whose they are. */
  readonly known: { readonly orderId: string; readonly customerId: string }[] = [];
  /** How often a command was sent again, because no answer had come, or to see what the answer is. */
  resent = 0;
  /** How many queries were asked. */
  asked = 0;
}
