import { DiptychError, ProgrammingError, type ReadModel } from '@diptych/core';
import { entryFields, type IndexDocument, idOf } from './index-entries.js';
import { declaredPart, type IndexHandle } from './index-handle.js';
import type { RawFacet } from './raw-search.js';
import type { FieldsThatAre } from './search-field.js';
import type { SearchFilter } from './search-filter.js';

/** How the values of a field are counted. */
export interface FacetRequest {
  /** How many values at most. Default 10. */
  readonly count?: number | undefined;
  /** Counts numbers in steps of that size, all of them: `count` says nothing then. */
  readonly interval?: number | undefined;
  /** Counts numbers between these, all of them. */
  readonly values?: readonly number[] | undefined;
}

/** How many documents have a value, or one from `from` up to and without `to`. */
export interface FacetCount {
  readonly value?: string | number | boolean | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly count: number;
}

export interface SearchRequest<Fields, Selected extends keyof Fields = keyof Fields> {
  readonly filter?: SearchFilter | undefined;
  readonly facets?: { readonly [Name in FieldsThatAre<Fields, 'facetable'>]?: FacetRequest } | undefined;
  /** Default: what fits the text best comes first. */
  readonly orderBy?:
    | readonly (FieldsThatAre<Fields, 'sortable'> | `${FieldsThatAre<Fields, 'sortable'>} desc`)[]
    | undefined;
  /** The fields wanted. Default: all that the index has. */
  readonly select?: readonly Selected[] | undefined;
  /** Where words are looked for. Default: in all searchable fields. */
  readonly searchFields?: readonly FieldsThatAre<Fields, 'searchable'>[] | undefined;
  /** Whether one word of the text is enough, or all are needed. Default `any`. */
  readonly mode?: 'any' | 'all' | undefined;
  /** How many at most: 1 to 1,000. Default 50. */
  readonly top?: number | undefined;
  /** Where an earlier page ended: its `next`. */
  readonly after?: string | undefined;
  /** Whether to count all that fits. Default false. */
  readonly count?: boolean | undefined;
}

export interface SearchResult<Document> {
  readonly documents: readonly Document[];
  /** The ids of the documents, and how well each fits, in the same order. */
  readonly hits: readonly { readonly id: string; readonly score: number }[];
  /** How many fit, where that was asked. */
  readonly count: number | undefined;
  readonly facets: Readonly<Record<string, readonly FacetCount[]>>;
  /** For the next page; `undefined` when there is none. */
  readonly next: string | undefined;
}

const maxTop = 1_000;
/** How many the service passes over at most. */
const maxSkip = 100_000;

/** A read model as its index sees it: one tenant's documents. */
export class SearchModel<Document, Fields> {
  readonly #model: ReadModel<Document>;
  readonly #handle: () => IndexHandle;

  constructor(model: ReadModel<Document>, handle: () => IndexHandle) {
    this.#model = model;
    this.#handle = handle;
  }

  /**
   * Documents whose words fit the text; all for an empty one. The service shows what was written a second or so after
   * it has acknowledged it, `after` or not: a document that is missing here may be there already.
   * @throws DiptychError `search-refused`, `page-after`; UnavailableError; ProgrammingError `search-field`,
   *   `search-filter`, `page-limit`.
   */
  async search<
    const Selected extends keyof Fields & keyof Document & string = keyof Fields & keyof Document & string,
  >(
    text: string,
    request: SearchRequest<Fields, Selected> = {},
  ): Promise<SearchResult<Pick<Document, Selected>>> {
    const fields = request.select ?? (Object.keys(this.#handle().declaration.fields) as Selected[]);
    const { found, ...result } = await this.#ask(text, request, fields);
    const documents = found.map((document) => declaredPart(document, fields) as Pick<Document, Selected>);
    return { ...result, documents };
  }

  /**
   * The same, with each document as it is kept, whole: as new as `after` asks. Those that are gone already are left out.
   * Which ones are found is still for the index to say, and what has changed may not fit the filter any more.
   */
  async searchStored(
    text: string,
    request: Omit<SearchRequest<Fields>, 'select'> = {},
  ): Promise<SearchResult<Document>> {
    const { found, hits, ...result } = await this.#ask(text, request, []);
    const stored = await this.#model.getMany(found.map((document) => idOf(document).name));
    return {
      ...result,
      hits: hits.filter((_, index) => stored[index] !== undefined),
      documents: stored.filter((document) => document !== undefined),
    };
  }

  async #ask(
    text: string,
    request: SearchRequest<Fields, never> | SearchRequest<Fields>,
    select: readonly string[],
  ) {
    const handle = this.#handle();
    const { filter, facets = {}, orderBy, searchFields, mode, count } = request as SearchRequest<AnyFields>;
    const top = topOf(request.top);
    const skip = skipOf(request.after, top);
    requireDeclared(handle, select, 'declared');
    requireDeclared(handle, searchFields ?? [], 'searchable');
    requireDeclared(handle, Object.keys(facets), 'facetable');
    requireDeclared(
      handle,
      (orderBy ?? []).map((order) => order.replace(/ desc$/, '')),
      'sortable',
    );
    const answer = await handle.ask(text === '' ? '*' : text, {
      filter,
      select: [...select, entryFields.id],
      facets: Object.entries(facets).map(([name, facet]) => facetText(name, facet ?? {})),
      // Documents that are equal otherwise come in one order on all pages.
      orderBy: orderBy && [...orderBy, entryFields.key],
      searchFields: searchFields?.length ? searchFields : undefined,
      searchMode: mode,
      includeTotalCount: count,
      // One more than asked tells whether there is another page.
      top: top + 1,
      skip,
    });
    const found: readonly IndexDocument[] = answer.documents.slice(0, top);
    return {
      found,
      hits: answer.documents.slice(0, top).map((document) => ({
        id: idOf(document).name,
        score: document['@search.score'] ?? 0,
      })),
      count: answer.count,
      facets: Object.fromEntries(
        Object.keys(facets).map((name) => [name, (answer.facets[name] ?? []).map(facetCount)]),
      ),
      next: answer.documents.length > top ? String(skip + top) : undefined,
    };
  }
}

type AnyFields = Readonly<
  Record<string, { readonly searchable: true; readonly sortable: true; readonly facetable: true }>
>;

function topOf(top = 50): number {
  if (Number.isInteger(top) && top >= 1 && top <= maxTop) return top;
  throw new ProgrammingError('page-limit', `A page holds 1 to ${maxTop} documents, not ${top}.`, { top });
}

function skipOf(after: string | undefined, top: number): number {
  if (after === undefined) return 0;
  const skip = /^\d{1,6}$/.test(after) ? Number(after) : Number.NaN;
  if (skip + top <= maxSkip) return skip;
  // Callers hand it back to the program, so it is they who have it wrong.
  throw new DiptychError({
    code: 'page-after',
    message: `This is not the \`next\` of an earlier page, or beyond the first ${maxSkip} documents.`,
  });
}

function requireDeclared(
  { declaration: { model, fields } }: IndexHandle,
  names: readonly string[],
  ability: 'declared' | 'searchable' | 'facetable' | 'sortable',
): void {
  for (const name of names) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field !== undefined && (ability === 'declared' || field[ability])) continue;
    throw new ProgrammingError('search-field', `Field '${name}' of '${model}' is not ${ability}.`, {
      model,
      field: name,
    });
  }
}

function facetText(name: string, { count = 10, interval, values }: FacetRequest): string {
  const numbers = [count, ...(interval === undefined ? [] : [interval]), ...(values ?? [])];
  if (!numbers.every(Number.isFinite)) {
    throw new ProgrammingError('search-field', `The facet of '${name}' is counted by numbers only.`, {
      field: name,
    });
  }
  // The service takes one of them.
  if (values !== undefined) return `${name},values:${values.join('|')}`;
  if (interval !== undefined) return `${name},interval:${interval}`;
  return `${name},count:${count}`;
}

function facetCount({ count, value, from, to }: RawFacet): FacetCount {
  return { count, value, from, to } as FacetCount;
}
