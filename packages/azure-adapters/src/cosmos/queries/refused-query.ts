import type { BoundQuery } from './bound-query.js';
import { queryError } from './query-errors.js';

interface Told {
  readonly location?: { readonly start?: number };
  readonly code?: string;
  readonly message?: string;
}

/**
 * What the service found wrong with a query, told of the program's own text; `undefined` where it was something else.
 * The service speaks of words and names in the query, never of values, which are not in it.
 */
export function refusedQuery(error: unknown, text: string, { positionOf }: BoundQuery): Error | undefined {
  const { code, body } = error as {
    readonly code?: unknown;
    readonly body?: { readonly message?: unknown };
  };
  if (code !== 400) return undefined;
  const told = firstIn(String(body?.message ?? (error as Error).message));
  if (told === undefined) return undefined;
  const why = `${told.message?.replace(/\.$/, '') ?? 'the service refused it'} (${told.code ?? 'no code'})`;
  const start = told.location?.start;
  return start === undefined || start === 0 ? queryError(why) : queryError(why, text, positionOf(start));
}

/** `Message: {"errors":[…]}`, with more lines behind. */
function firstIn(message: string): Told | undefined {
  const [json] = /\{.*\}/.exec(message) ?? [];
  try {
    const { errors } = JSON.parse(json ?? '') as { readonly errors?: readonly Told[] };
    return errors?.[0];
  } catch {
    return undefined;
  }
}
