/** What became of one invoice. */
export type InvoiceOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'returned' }
  | {
      readonly kind: 'rejected';
      /** A refusal's code, `unreadable-line`, or the code of the fault in the message. */
      readonly reason: string;
      readonly message: string;
      readonly invoice: string | undefined;
    };

/** What `--json` prints. */
export interface ImportSummary {
  readonly accepted: number;
  /** How many invoices by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly returned: number;
  readonly seconds: number;
}

/** Counts outcomes as they come. */
export class ImportTally {
  #accepted = 0;
  #returned = 0;
  readonly #rejected = new Map<string, number>();

  add(outcome: InvoiceOutcome): void {
    if (outcome.kind === 'accepted') this.#accepted += 1;
    else if (outcome.kind === 'returned') this.#returned += 1;
    else this.#rejected.set(outcome.reason, (this.#rejected.get(outcome.reason) ?? 0) + 1);
  }

  summary(milliseconds: number): ImportSummary {
    return {
      accepted: this.#accepted,
      rejected: Object.fromEntries([...this.#rejected].sort(([left], [right]) => (left < right ? -1 : 1))),
      returned: this.#returned,
      seconds: Math.round(milliseconds) / 1000,
    };
  }
}

/** For people. */
export function describeSummary({ accepted, rejected, returned, seconds }: ImportSummary): string {
  const reasons = Object.entries(rejected);
  const total = reasons.reduce((sum, [, count]) => sum + count, 0);
  return [
    `accepted  ${accepted}`,
    `rejected  ${total}`,
    ...reasons.map(([reason, count]) => `  ${reason}  ${count}`),
    `returned  ${returned}`,
    `seconds   ${seconds}`,
  ].join('\n');
}
