import { odata } from '@azure/search-documents';
import { ProgrammingError } from '@diptych/core';

/** A value that a filter compares with, or a filter that is a part of it. */
export type SearchFilterValue = string | number | boolean | null | Date | SearchFilter;

/** A filter of what is found. Made by `searchFilter`, and by nothing else. */
export class SearchFilter {
  /** In OData, values included. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/**
 * A filter in the OData of AI Search. Values are only ever values, whatever is in them:
 *
 * ```ts
 * searchFilter`category eq ${category} and price le ${most}`
 * ```
 * @throws ProgrammingError `search-filter` for one whose brackets or quotes do not close, and for a value that is none.
 */
export function searchFilter(
  strings: TemplateStringsArray,
  ...values: readonly SearchFilterValue[]
): SearchFilter {
  if (!Array.isArray(strings) || !('raw' in strings)) throw unfit('write it as a template: searchFilter`…`');
  if (strings.some((part) => opensQuote(part)))
    throw unfit('a value stands in place of a text, without quotes');
  const text = odata(strings, ...values.map(literalOf));
  requireClosed(text);
  return new SearchFilter(text);
}

// A text goes to the SDK as it is, which puts it in quotes; all else has only one form.
function literalOf(value: SearchFilterValue): unknown {
  if (value instanceof SearchFilter) return new Verbatim(`(${value.text})`);
  if (value instanceof Date && !Number.isNaN(value.getTime())) return new Verbatim(value.toISOString());
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw unfit(`${String(value)} cannot be compared with`);
}

class Verbatim {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** Whether a quote is open at the end: the SDK would leave the quotes around the value to us. */
function opensQuote(part: string): boolean {
  return (part.split("'").length - 1) % 2 === 1;
}

/** A bracket too many would end the one that we put around, with the tenant's filter before it. */
function requireClosed(text: string): void {
  const withoutTexts = text.replace(/'[^']*'/g, '');
  let depth = 0;
  for (const character of withoutTexts) {
    if (character === "'") throw unfit('a quote is not closed');
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (depth < 0) throw unfit('a bracket closes that was not opened');
  }
  if (depth > 0) throw unfit('a bracket is not closed');
  if (withoutTexts.trim() === '' && text.trim() === '') throw unfit('it is empty');
}

function unfit(why: string): ProgrammingError {
  return new ProgrammingError('search-filter', `This cannot be a filter: ${why}.`);
}
