import { DiptychError } from '../errors/diptych-error.js';
import { asPosition, type Position } from '../partitions/position.js';

declare const brand: unique symbol;

/**
 * What a unit of work wrote, as a short text that fits an HTTP header: the journal's incarnation, and the first
 * and last position in each partition touched. Opaque to programs; a query takes it as `after`.
 */
export type ConsistencyToken = string & { readonly [brand]: 'consistency' };

/** The first and last position that a unit of work wrote in one partition. */
export interface WrittenRange {
  readonly partition: number;
  readonly first: Position;
  readonly last: Position;
}

export interface Consistency {
  readonly incarnation: string;
  readonly ranges: readonly WrittenRange[];
}

export function formatConsistency({ incarnation, ranges }: Consistency): ConsistencyToken {
  const parts = ranges.map(({ partition, first, last }) =>
    first === last ? `${partition}:${first}` : `${partition}:${first}-${last}`,
  );
  return [incarnation, ...parts].join(';') as ConsistencyToken;
}

/**
 * A token that came back as text, from a cookie or a header, say.
 * @throws DiptychError `invalid-consistency` when it cannot be one.
 */
export function consistencyToken(text: string): ConsistencyToken {
  parseConsistency(text);
  return text as ConsistencyToken;
}

/** @throws DiptychError `invalid-consistency` when the text was not made by `formatConsistency`. */
export function parseConsistency(text: string): Consistency {
  const [incarnation, ...parts] = String(text).split(';');
  const ranges = parts.map(rangeOf);
  if (!incarnation || !/^[\w-]{1,64}$/.test(incarnation) || ranges.includes(undefined)) {
    throw new DiptychError({ code: 'invalid-consistency', message: 'The consistency token cannot be read.' });
  }
  return { incarnation, ranges: ranges as WrittenRange[] };
}

function rangeOf(part: string): WrittenRange | undefined {
  const match = /^(\d{1,5}):([0-9a-f]+)(?:-([0-9a-f]+))?$/.exec(part);
  const first = asPosition(match?.[2] ?? '');
  const last = asPosition(match?.[3] ?? match?.[2] ?? '');
  if (match === null || first === undefined || last === undefined || last < first) return undefined;
  return { partition: Number(match[1]), first, last };
}
