import { type Command, type CommandBus, isDiptychError, type Subject } from '@diptych/core';
import { type ImportSummary, ImportTally, type InvoiceOutcome } from './import-summary.js';
import { commandOf, contradictionIn, isReturn } from './invoice-command.js';
import type { Invoice } from './invoice-file.js';

export interface ImportOptions {
  /** How many commands run at the same time. Default 16. */
  readonly concurrency?: number;
  /** Called for each invoice that is done, in the order in which they are. */
  readonly onOutcome?: (outcome: InvoiceOutcome) => void;
  /** Stops reading further invoices. */
  readonly abortSignal?: AbortSignal;
  /** Milliseconds, for `seconds` in the summary. */
  readonly now: () => number;
  /** Waits before a command that may succeed later is sent again. */
  readonly pause: (delayInMs: number) => Promise<unknown>;
}

const retryDelaysInMs = [100, 500, 2_000, 5_000];

type Commands = Pick<CommandBus, 'dispatch'>;

/** On whose behalf invoices are imported. */
const importer: Subject = { id: 'import', roles: ['operator'] };

/**
 * Replays invoices as commands through the bus, as if customers sent them. The id of the command is the number
 * of the invoice, so importing again changes nothing, also after an import that was cut short.
 * @throws what the bus throws when it is not the invoice that is at fault.
 */
export async function importInvoices(
  invoices: AsyncIterable<Invoice>,
  commands: Commands,
  options: ImportOptions,
): Promise<ImportSummary> {
  const { concurrency = 16, onOutcome, abortSignal, now } = options;
  const began = now();
  const tally = new ImportTally();
  const running = new Set<Promise<void>>();
  for await (const invoice of invoices) {
    if (abortSignal?.aborted) break;
    const run = importInvoice(invoice, commands, options).then((outcome) => {
      running.delete(run);
      tally.add(outcome);
      onOutcome?.(outcome);
    });
    running.add(run);
    if (running.size >= concurrency) await Promise.race(running);
  }
  await Promise.all(running);
  return tally.summary(now() - began);
}

async function importInvoice(
  invoice: Invoice,
  commands: Commands,
  options: ImportOptions,
): Promise<InvoiceOutcome> {
  const { number } = invoice;
  const fault = invoice.faults[0] ?? contradictionIn(invoice);
  if (fault !== undefined || number === undefined) {
    const message = fault === undefined ? 'it has no number' : `line ${fault.line}: ${fault.reason}`;
    return { kind: 'rejected', reason: 'unreadable-line', message, invoice: number };
  }
  try {
    await dispatch(commandOf(number, invoice.lines), number, commands, options);
    return { kind: isReturn(number) ? 'returned' : 'accepted' };
  } catch (error) {
    if (!isDiptychError(error) || error.retryable || error.origin !== 'message') throw error;
    return { kind: 'rejected', reason: error.code, message: error.message, invoice: number };
  }
}

/** Sends a command, again where that may help: under its id it runs once, whatever became of the first attempt. */
async function dispatch(
  command: Command,
  id: string,
  commands: Commands,
  { pause }: ImportOptions,
): Promise<void> {
  for (const delayInMs of [...retryDelaysInMs, undefined]) {
    try {
      await commands.dispatch(command, { id, subject: importer });
      return;
    } catch (error) {
      if (delayInMs === undefined || !isDiptychError(error) || !error.retryable) throw error;
      await pause(delayInMs);
    }
  }
}
