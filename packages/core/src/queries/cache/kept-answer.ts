import type { ConsistencyToken } from '../../journal/consistency-token.js';
import { parseConsistency } from '../../journal/consistency-token.js';
import type { Position } from '../../partitions/position.js';
import { type AnsweredAt, covers } from '../query-context.js';
import { comesThroughJson } from './faithful-json.js';

/** An answer, with what decides to whom it may be given. */
export interface KeptAnswer {
  /** The JSON of the result; `undefined` for a result that is. */
  readonly text: string | undefined;
  /** How old it may be when it is given again, in milliseconds: chance has had its part in it. */
  readonly freshForMs: number;
  /** How long its making took, in milliseconds. */
  readonly tookInMs: number;
  /** How far the read models had come; `undefined` where it was made from none. */
  readonly answeredAt: AnsweredAt | undefined;
}

/** The text of a result; `'unfit'` where JSON would not bring it back as it is. */
export function textOf(result: unknown): { readonly text: string | undefined } | 'unfit' {
  if (result === undefined) return { text: undefined };
  return comesThroughJson(result) ? { text: JSON.stringify(result) } : 'unfit';
}

/** Hands out a result of which nobody shares a part with another: to the first who asks itself, to the others copies. */
export function handingOut(result: unknown, text: string | undefined): () => unknown {
  let isGiven = false;
  return () => {
    if (isGiven) return resultIn(text);
    isGiven = true;
    return result;
  };
}

function resultIn(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

/** As stores keep it. */
export function encodeAnswer({ text, freshForMs, tookInMs, answeredAt }: KeptAnswer): string {
  const at = answeredAt && {
    incarnation: answeredAt.incarnation,
    positions: Object.fromEntries(answeredAt.positions),
  };
  // The result is not written as JSON twice, and parsed only for whoever is given it.
  return `${JSON.stringify({ freshForMs, tookInMs, at })}\n${text ?? ''}`;
}

/** `undefined` for what was not written by `encodeAnswer`. */
export function decodeAnswer(stored: string): (KeptAnswer & { readonly result: unknown }) | undefined {
  const end = stored.indexOf('\n');
  try {
    const { freshForMs, tookInMs, at } = JSON.parse(stored.slice(0, end)) as StoredFacts;
    if (!(freshForMs >= 0) || !(tookInMs >= 0)) return undefined;
    const text = stored.slice(end + 1) || undefined;
    return { text, freshForMs, tookInMs, answeredAt: at && answeredAtIn(at), result: resultIn(text) };
  } catch {
    return undefined;
  }
}

interface StoredFacts extends Pick<KeptAnswer, 'freshForMs' | 'tookInMs'> {
  readonly at?: { readonly incarnation: string; readonly positions: Readonly<Record<string, Position>> };
}

function answeredAtIn({ incarnation, positions }: NonNullable<StoredFacts['at']>): AnsweredAt {
  const byPartition = Object.entries(positions).map(
    ([partition, position]) => [Number(partition), position] as const,
  );
  return { incarnation, positions: new Map(byPartition) };
}

/** Whether everything in the token is in the answer. What cannot be read is not: the freshness check says what is wrong. */
export function holdsAfter({ answeredAt }: KeptAnswer, after: ConsistencyToken | undefined): boolean {
  if (after === undefined) return true;
  try {
    return covers(answeredAt, parseConsistency(after));
  } catch {
    return false;
  }
}
