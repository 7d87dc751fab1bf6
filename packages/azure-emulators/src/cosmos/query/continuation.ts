import { createHash } from 'node:crypto';
import { badRequest } from '../cosmos-error.js';
import type { Value } from '../sql/values.js';

/** After which row the next page begins. */
export interface Position {
  /** Which item the last row is of, by its place in the order of creation. */
  readonly sequence: number;
  /** Which one of that item's rows it is. */
  readonly row: number;
  /** What it was sorted by. */
  readonly sorted: readonly Value[];
  /** How many rows the query has given so far, those among them that OFFSET passed over. */
  readonly given: number;
}

/** What a client can take in as a header. */
const longestToken = 8 * 1024;

/** A short text of what a continuation belongs to: another query's is refused. */
export const questionOf = (...parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 16);

export function continuationOf(question: string, { sequence, row, sorted, given }: Position): string {
  const wrapped = sorted.map((value) => (value === undefined ? [] : [value]));
  const token = Buffer.from(JSON.stringify([question, sequence, row, given, wrapped])).toString('base64url');
  if (token.length > longestToken) {
    throw badRequest('The values that are sorted by are too long to go on after them; ask for one page.');
  }
  return token;
}

/** Throws for what was not given by `continuationOf` for the same question. */
export function readContinuation(token: string, question: string): Position {
  const parts = parsed(token);
  if (!Array.isArray(parts) || parts.length !== 5) throw invalid();
  const [asked, sequence, row, given, wrapped] = parts as readonly unknown[];
  if (asked !== question || ![sequence, row, given].every(Number.isInteger)) throw invalid();
  if (!Array.isArray(wrapped) || !wrapped.every(Array.isArray)) throw invalid();
  return {
    sequence: sequence as number,
    row: row as number,
    given: given as number,
    sorted: (wrapped as readonly (readonly Value[])[]).map(([value]) => value),
  };
}

const invalid = () => badRequest('The continuation token is invalid, or of another query.');

function parsed(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}
