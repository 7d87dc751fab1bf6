import { queryError } from './query-errors.js';

/** What a query can be given: JSON. */
export type SqlValue =
  | string
  | number
  | boolean
  | null
  | readonly SqlValue[]
  | { readonly [property: string]: SqlValue };

/** A query, or a part of one. Made by `sql`, and by nothing else. */
export class SqlFragment {
  readonly #strings: readonly string[];
  readonly #values: readonly (SqlValue | SqlFragment)[];

  constructor(strings: readonly string[], values: readonly (SqlValue | SqlFragment)[]) {
    this.#strings = strings;
    this.#values = values;
  }

  /** Adds its text, and its values as parameters. */
  renderInto(rendered: RenderedSql): void {
    this.#strings.forEach((part, index) => {
      rendered.add(part);
      if (index === this.#values.length) return;
      const value = this.#values[index];
      if (value instanceof SqlFragment) value.renderInto(rendered);
      else rendered.addValue(value);
    });
  }
}

/** A text with the parameters that stand in it. */
export class RenderedSql {
  text = '';
  readonly parameters = new Map<string, SqlValue>();
  /** Which parameters stand where. */
  readonly places = new Map<number, string>();

  add(part: string): void {
    this.text += part;
  }

  addValue(value: unknown): void {
    const name = `@value${this.parameters.size + 1}`;
    this.parameters.set(name, requireValue(value, name));
    this.places.set(this.text.length, name);
    this.text += name;
  }
}

/**
 * A query in Cosmos DB's SQL, or a part of one. Values are only ever values, whatever is in them:
 *
 * ```ts
 * sql`SELECT d.customer FROM d WHERE d.status = ${status}`
 * ```
 * @throws ProgrammingError `cosmos-query`, when it is asked, for a value that is no JSON.
 */
export function sql(
  strings: TemplateStringsArray,
  ...values: readonly (SqlValue | SqlFragment)[]
): SqlFragment {
  if (!Array.isArray(strings) || !('raw' in strings)) throw queryError('write it as a template: sql`…`');
  return new SqlFragment(strings, values);
}

/** @throws ProgrammingError `cosmos-query` for what would not arrive as it is. */
export function requireValue(value: unknown, name: string): SqlValue {
  if (isValue(value)) return value;
  throw queryError(`the value of '${name}' is no JSON`);
}

function isValue(value: unknown): value is SqlValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isValue);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isValue);
}
