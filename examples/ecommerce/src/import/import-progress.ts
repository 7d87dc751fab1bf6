import type { InvoiceOutcome } from './import-summary.js';

/** Where progress is written: a terminal, or a file that keeps every line. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const maxNamed = 10;
/** Without a terminal: a line each time so much of it is done. */
const step = 0.25;

/**
 * Shows how far an import is: a bar on a terminal, an occasional line elsewhere. Names the first few invoices
 * whose lines could not be read; refusals by the shop are only counted, at the end.
 */
export class ImportProgress {
  readonly #output: ProgressOutput;
  readonly #total: number;
  #done = 0;
  #shown = -1;
  #unreadable = 0;

  constructor(output: ProgressOutput, total: number) {
    this.#output = output;
    this.#total = total;
    this.#show();
  }

  add(outcome: InvoiceOutcome): void {
    this.#done += 1;
    if (outcome.kind === 'rejected' && outcome.reason === 'unreadable-line') this.#name(outcome);
    this.#show();
  }

  /** Leaves the terminal on a line of its own. */
  end(): void {
    if (this.#output.isTTY) this.#output.write('\n');
    if (this.#unreadable > maxNamed) {
      this.#output.write(`… and ${this.#unreadable - maxNamed} more invoices that cannot be read\n`);
    }
  }

  #name({ invoice, message }: { readonly invoice: string | undefined; readonly message: string }): void {
    this.#unreadable += 1;
    if (this.#unreadable > maxNamed) return;
    const start = this.#output.isTTY ? '\r\x1b[K' : '';
    const what = `${invoice === undefined ? 'a line' : `invoice ${invoice}`}: ${message}`;
    // Text from the file must not steer the terminal.
    this.#output.write(`${start}rejected ${what.replace(/\p{Cc}/gu, '?')}\n`);
    if (this.#output.isTTY) this.#shown = -1;
  }

  #show(): void {
    const share = this.#total === 0 ? 1 : this.#done / this.#total;
    const shown = Math.floor(this.#output.isTTY ? share * 100 : share / step);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#output.write(
      this.#output.isTTY ? this.#bar(share) : `imported ${this.#done} of ${this.#total} invoices\n`,
    );
  }

  #bar(share: number): string {
    const figures = ` ${Math.floor(share * 100)}% ${this.#done}/${this.#total}`;
    const width = Math.max(5, Math.min(40, (this.#output.columns ?? 80) - figures.length - 3));
    const filled = Math.floor(share * width);
    return `\r\x1b[K[${'#'.repeat(filled)}${'-'.repeat(width - filled)}]${figures}`;
  }
}
