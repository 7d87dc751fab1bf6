import { isObject, type JsonObject, type JsonValue } from '../json.js';
import { badRequest, invalidBody } from '../search-error.js';

/** What a search asks, as it was sent. */
export interface SearchQuestion {
  readonly search: string | undefined;
  readonly filter: string | undefined;
  readonly orderBy: readonly string[];
  /** Empty: all that can be told. */
  readonly select: readonly string[];
  /** Empty: all that are searchable. */
  readonly searchFields: readonly string[];
  readonly facets: readonly string[];
  /** Not said: pages of 50, as many as there are. */
  readonly top: number | undefined;
  readonly skip: number;
  readonly count: boolean;
  readonly queryType: 'simple' | 'full';
  readonly searchMode: 'any' | 'all';
}

const understood = [
  ...['search', 'filter', 'orderby', 'select', 'searchFields', 'facets', 'top', 'skip', 'count', 'queryType'],
  'searchMode',
];
/** What changes nothing about what this emulator answers. */
const passedOver = [
  ...['minimumCoverage', 'sessionId', 'scoringStatistics', 'highlightPreTag', 'highlightPostTag'],
  ...['semanticErrorHandling', 'semanticMaxWaitInMilliseconds'],
];
/** What the service can do, and this emulator cannot. */
const unsupported = [
  ...['highlight', 'scoringProfile', 'scoringParameters', 'vectorQueries', 'vectorFilterMode', 'debug'],
  ...['semanticConfiguration', 'semanticQuery', 'answers', 'captions', 'hybridSearch', 'queryRewrites'],
];
const mostSkipped = 100_000;

/** Reads what was asked. Throws for what no search can be. */
export function readQuestion(body: unknown): SearchQuestion {
  if (!isObject(body)) throw invalidBody('parameters : The body is no object.');
  requireProperties(body, 'parameters', { understood: [...understood, ...passedOver], unsupported });
  const skip = readCount(body, 'skip') ?? 0;
  if (skip > mostSkipped) throw badRequest(`Value of 'skip' is ${skip}, and must be at most ${mostSkipped}.`);
  return {
    search: readText(body, 'search'),
    filter: readText(body, 'filter'),
    orderBy: readList(body, 'orderby'),
    select: readList(body, 'select').filter((name) => name !== '*'),
    searchFields: readList(body, 'searchFields'),
    facets: readFacets(body),
    top: readCount(body, 'top'),
    skip,
    count: readFlag(body, 'count'),
    queryType: readChoice(body, 'queryType', ['simple', 'full']),
    searchMode: readChoice(body, 'searchMode', ['any', 'all']),
  };
}

/** Throws for properties that there are not, or not here. */
export function requireProperties(
  body: JsonObject,
  what: string,
  known: { readonly understood: readonly string[]; readonly unsupported: readonly string[] },
): void {
  for (const [name, value] of Object.entries(body)) {
    if (known.understood.includes(name)) continue;
    const isKnown = known.unsupported.includes(name);
    if (!isKnown) throw invalidBody(`${what} : The property '${name}' does not exist.`);
    const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
    if (!isEmpty) throw badRequest(`'${name}' is not supported by this emulator.`);
  }
}

export function readText(body: JsonObject, name: string): string | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined || typeof value === 'string') return value;
  throw invalidBody(`parameters : '${name}' is no text.`);
}

/** Names with commas between them. */
export function readList(body: JsonObject, name: string): readonly string[] {
  const names = readText(body, name)?.split(',') ?? [];
  return names.map((one) => one.trim()).filter((one) => one !== '');
}

export function readCount(body: JsonObject, name: string): number | undefined {
  const value = body[name] ?? undefined;
  if (value === undefined) return undefined;
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  throw badRequest(`Value of '${name}' must be a whole number, 0 or more.`);
}

export function readFlag(body: JsonObject, name: string): boolean {
  const value = body[name] ?? false;
  if (typeof value !== 'boolean') throw invalidBody(`parameters : '${name}' is neither true nor false.`);
  return value;
}

export function readChoice<const Choice extends string>(
  body: JsonObject,
  name: string,
  choices: readonly [Choice, ...Choice[]],
): Choice {
  const value = body[name] ?? choices[0];
  if (choices.includes(value as Choice)) return value as Choice;
  throw badRequest(`'${name}' is '${String(value)}', and must be one of ${choices.join(', ')}.`);
}

function readFacets(body: JsonObject): readonly string[] {
  const facets = body.facets ?? [];
  const isList =
    Array.isArray(facets) && (facets as readonly JsonValue[]).every((one) => typeof one === 'string');
  if (!isList) throw invalidBody("parameters : 'facets' is no list of texts.");
  return facets as readonly string[];
}
