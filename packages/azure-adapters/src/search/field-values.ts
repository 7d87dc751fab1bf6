import type { SearchField, SearchFieldType } from './search-field.js';

/** The largest value that can be compared or counted, in bytes: a limit of the service. */
const maxTermBytes = 32_766;

const isText = (value: unknown) => typeof value === 'string';
const dateShape = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$/i;

interface TypeRule {
  readonly edm: string;
  readonly fits: (value: unknown) => boolean;
  /** What is kept in place of a value that is not there. */
  readonly absent: null | readonly [];
  readonly requirement: string;
}

const rules: Readonly<Record<SearchFieldType, TypeRule>> = {
  text: { edm: 'Edm.String', fits: isText, absent: null, requirement: 'a text' },
  texts: {
    edm: 'Collection(Edm.String)',
    fits: (value) => Array.isArray(value) && value.every(isText),
    absent: [],
    requirement: 'a list of texts',
  },
  integer: { edm: 'Edm.Int64', fits: Number.isSafeInteger, absent: null, requirement: 'a whole number' },
  number: { edm: 'Edm.Double', fits: Number.isFinite, absent: null, requirement: 'a number' },
  boolean: {
    edm: 'Edm.Boolean',
    fits: (value) => typeof value === 'boolean',
    absent: null,
    requirement: 'true or false',
  },
  date: {
    edm: 'Edm.DateTimeOffset',
    fits: (value) =>
      isText(value) && dateShape.test(value as string) && !Number.isNaN(Date.parse(value as string)),
    absent: null,
    requirement: 'a time with its offset, as in 2030-01-31T12:00:00Z',
  },
};

/** The type by which the service calls it. */
export function edmTypeOf({ type }: SearchField): string {
  return rules[type].edm;
}

/** A field's value as it is kept. */
export function keptValue({ type }: SearchField, value: unknown): unknown {
  return value ?? rules[type].absent;
}

/** Why the service would not take this value in that field; `undefined` when it would. */
export function refusalOfValue(name: string, field: SearchField, value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  const { fits, requirement } = rules[field.type];
  if (!fits(value)) return `${name} must be ${requirement}`;
  if (!(field.filterable || field.sortable || field.facetable)) return undefined;
  const texts = Array.isArray(value) ? value : [value];
  const isTooLong = texts.some((text) => isText(text) && Buffer.byteLength(text) > maxTermBytes);
  return isTooLong ? `${name} is longer than the ${maxTermBytes} bytes that can be compared` : undefined;
}
