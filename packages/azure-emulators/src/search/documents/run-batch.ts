import { type Field, withInner } from '../indexes/field.js';
import type { IndexSchema } from '../indexes/index-schema.js';
import { isObject, type JsonObject, type JsonValue } from '../json.js';
import type { DocumentStore } from './document-store.js';
import { withAllFields } from './field-values.js';
import type { DocumentAction } from './read-batch.js';
import { fieldValue } from './search-document.js';
import { valuesAt } from './values-at.js';

/** What became of one document of a batch. */
export interface ActionResult {
  readonly key: string;
  readonly status: boolean;
  readonly statusCode: number;
  readonly errorMessage: string | null;
}

const keyShape = /^[A-Za-z0-9=-][A-Za-z0-9_=-]{0,1023}$/;
/** The largest text that can be compared, in bytes of UTF-8. */
const largestTerm = 32_766;

export const refusedAction = (key: string, statusCode: number, errorMessage: string): ActionResult => ({
  key,
  status: false,
  statusCode,
  errorMessage,
});

/** Does one action of a batch: each is done or refused on its own. */
export function runAction(schema: IndexSchema, store: DocumentStore, action: DocumentAction): ActionResult {
  const { kind, key, values } = action;
  if (!keyShape.test(key)) {
    return refusedAction(
      key,
      400,
      `Invalid document key: '${key.slice(0, 100)}'. Keys have up to 1024 letters, digits, '_', '-' and '=', and do not begin with '_'.`,
    );
  }
  const before = store.written(key);
  if (kind === 'delete') return done(store, key, undefined, 200);
  if (kind === 'merge' && before === undefined) return refusedAction(key, 404, 'Document not found.');
  const isMerge = kind !== 'upload' && before !== undefined;
  const document = withAllFields(schema.fields, isMerge ? merged(schema.fields, before, values) : values);
  const tooLarge = fieldTooLarge(schema.fields, document);
  if (tooLarge !== undefined) {
    return refusedAction(
      key,
      400,
      `Field '${tooLarge.path}' contains a term that is too large to process: at most ${largestTerm} bytes.`,
    );
  }
  return done(store, key, document, before === undefined ? 201 : 200);
}

function done(
  store: DocumentStore,
  key: string,
  document: JsonObject | undefined,
  statusCode: number,
): ActionResult {
  store.write(key, document);
  return { key, status: true, statusCode, errorMessage: null };
}

/** Named fields in place of those before; what is in a complex value is merged in turn, and a collection replaced. */
function merged(fields: readonly Field[], before: JsonObject, values: JsonObject): JsonObject {
  const inner = Object.entries(values).map(([name, value]): [string, JsonValue] => {
    const field = fields.find((one) => one.name === name)!;
    const own = fieldValue(before, name);
    const isInner = field.kind === 'complex' && isObject(own) && isObject(value);
    return [name, isInner ? merged(field.fields, own, value) : value];
  });
  return { ...before, ...Object.fromEntries(inner) };
}

function fieldTooLarge(fields: readonly Field[], document: JsonObject): Field | undefined {
  return [...withInner(fields)].find(
    ({ path, kind, can }) =>
      kind === 'string' &&
      (can.filterable || can.sortable || can.facetable) &&
      valuesAt(document, path.split('/')).some((text) => bytesOf(text as string) > largestTerm),
  );
}

const bytesOf = (text: string) => (text.length * 3 <= largestTerm ? 0 : Buffer.byteLength(text));
