/** What a customer has of one product. */
export interface Bought {
  readonly description: string;
  /** Less what came back or was cancelled. */
  readonly quantity: number;
  /** Where the description comes from; the greatest counts. */
  readonly source: string;
}

export interface CustomerDocument {
  readonly customerId: string;
  /** Where goods went or came from, in alphabetical order. */
  readonly countries: readonly string[];
  /** Absent for one from whom goods only came back. */
  readonly firstOrderAt?: string;
  readonly lastOrderAt?: string;
  /** How many were placed, cancelled ones included. */
  readonly placed: number;
  /** By product code. */
  readonly bought: Readonly<Record<string, Bought>>;
}
