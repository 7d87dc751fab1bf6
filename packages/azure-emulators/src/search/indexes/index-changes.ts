import { SearchError } from '../search-error.js';
import type { Field } from './field.js';
import type { IndexSchema } from './index-schema.js';

const notAllowed = (text: string) =>
  new SearchError(400, 'OperationNotAllowed', `The request is invalid. Details: index : ${text}`);

/** Throws where documents that are there would have to be indexed again: fields stay as they were; new ones may come. */
export function requireAllowed(before: IndexSchema, after: IndexSchema): void {
  requireFields(before.fields, after);
  for (const { name, fields } of before.suggesters) {
    const kept = after.suggesters.find((one) => one.name === name);
    const isSame = kept?.fields.map(({ path }) => path).join() === fields.map(({ path }) => path).join();
    if (!isSame) throw notAllowed(`Suggester '${name}' cannot be changed.`);
  }
}

function requireFields(fields: readonly Field[], after: IndexSchema): void {
  for (const field of fields) {
    const other = after.field(field.path);
    if (other === undefined) throw notAllowed(`Existing field '${field.path}' cannot be deleted.`);
    if (!isSame(field, other)) throw notAllowed(`Existing field '${field.path}' cannot be changed.`);
    requireFields(field.fields, after);
  }
}

/** Whether it can be retrieved, and how questions are analysed, may change. */
function isSame(one: Field, other: Field): boolean {
  const able = ({ can }: Field) => JSON.stringify({ ...can, retrievable: true });
  return (
    one.type === other.type &&
    one.isKey === other.isKey &&
    one.indexAnalyzer === other.indexAnalyzer &&
    able(one) === able(other)
  );
}
