/** Asks a query of the running shop, as an operator. */
export type Ask = (query: string, parameters: object) => Promise<unknown>;

/** What a read model must say, by a fold of the journal. */
export interface Expectation {
  /** What it is about, for people. */
  readonly about: string;
  readonly expected: unknown;
  ask(ask: Ask): Promise<unknown>;
  /** How much has been counted in: with more than there must be, something counts twice. */
  size(answer: unknown): number;
}
