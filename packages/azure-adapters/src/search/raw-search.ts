import type { SearchClient } from '@azure/search-documents';
import type { IndexDocument } from './index-entries.js';
import type { RequestLimits } from './search-clients.js';
import { searchError } from './search-errors.js';

/** One question, as the SDK takes it. */
export interface RawQuestion {
  readonly filter: string;
  readonly select: readonly string[];
  readonly orderBy?: readonly string[] | undefined;
  readonly searchFields?: readonly string[] | undefined;
  readonly facets?: readonly string[] | undefined;
  readonly searchMode?: 'any' | 'all' | undefined;
  readonly includeTotalCount?: boolean | undefined;
  readonly top: number;
  readonly skip?: number | undefined;
}

export interface RawFacet {
  readonly count: number;
  readonly value?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
}

export interface RawAnswer {
  readonly documents: readonly (IndexDocument & { readonly '@search.score'?: number })[];
  readonly count: number | undefined;
  readonly facets: Readonly<Record<string, readonly RawFacet[]>>;
}

interface AnswerPage {
  readonly value: RawAnswer['documents'];
  readonly '@odata.count'?: number;
  readonly '@search.facets'?: RawAnswer['facets'];
}

/**
 * Asks an index, all pages of the answer. What the service said is read from its text: the SDK makes dates of texts
 * that look like dates, and numbers of the texts `NaN` and `INF`.
 * @throws DiptychError `search-refused`; UnavailableError.
 */
export async function askIndex(
  client: SearchClient<IndexDocument>,
  text: string,
  question: RawQuestion,
  limits: RequestLimits,
): Promise<RawAnswer> {
  const pages: AnswerPage[] = [];
  try {
    const { results } = await client.search(text, {
      ...limits,
      ...(question as object),
      onResponse: ({ bodyAsText, status }) => {
        if (status === 200 && bodyAsText) pages.push(JSON.parse(bodyAsText) as AnswerPage);
      },
    });
    for await (const _ of results) {
      // Each page brings its text along.
    }
  } catch (error) {
    throw searchError(error, `search index '${client.indexName}'`);
  }
  const [first] = pages;
  return {
    documents: pages.flatMap(({ value }) => value),
    count: first?.['@odata.count'],
    facets: first?.['@search.facets'] ?? {},
  };
}
