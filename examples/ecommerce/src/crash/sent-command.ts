/** What a client knows of a command that it sent under an `Idempotency-Key`, until it was answered. */
export interface SentCommand {
  /** The wire name. */
  readonly name: string;
  readonly key: string;
  readonly customerId: string;
  readonly outcome:
    | { readonly kind: 'done'; readonly messageId: string; readonly result: unknown }
    | { readonly kind: 'refused'; readonly code: string };
}
