import { setTimeout as wait } from 'node:timers/promises';
import type { CommandBus } from '@diptych/core';
import { importInvoices } from './import-invoices.js';
import { ImportProgress, type ProgressOutput } from './import-progress.js';
import type { ImportSummary } from './import-summary.js';
import { type InvoiceFile, openInvoiceFile } from './invoice-file.js';
import { NotAnInvoiceFileError } from './invoice-line.js';

/** A file that was asked for cannot be imported. The message is for whoever asked. */
export class UnusableFileError extends Error {}

/** @throws UnusableFileError that says which file, and why. */
export async function openForReplay(path: string): Promise<InvoiceFile> {
  try {
    return await openInvoiceFile(path);
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    throw new UnusableFileError(`Cannot import '${path}'. ${reason}`, { cause: error });
  }
}

/** Imports a file and shows how far it is. */
export async function replay(
  file: InvoiceFile,
  commands: Pick<CommandBus, 'dispatch'>,
  output: ProgressOutput,
  abortSignal: AbortSignal,
): Promise<ImportSummary> {
  const progress = new ImportProgress(output, file.count);
  try {
    return await importInvoices(file.invoices(), commands, {
      abortSignal,
      onOutcome: (outcome) => progress.add(outcome),
      now: () => performance.now(),
      pause: wait,
    });
  } finally {
    progress.end();
  }
}

const systemReasons: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file.',
  EISDIR: 'It is a folder.',
  EACCES: 'It may not be read.',
  EPERM: 'It may not be read.',
};

function reasonOf(error: unknown): string | undefined {
  if (error instanceof NotAnInvoiceFileError) return error.message;
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  return syscall === undefined ? undefined : (systemReasons[code ?? ''] ?? message);
}
