import { isObject, type JsonValue } from '../items/json.js';

/** What an expression gives: `undefined` where there is no value, or none that an operator takes. */
export type Value = JsonValue | undefined;

const types = ['undefined', 'null', 'boolean', 'number', 'string', 'array', 'object'] as const;
export type ValueType = (typeof types)[number];

export function typeOf(value: Value): ValueType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as ValueType;
}

/** `undefined` where one of them is. Values of different types are unequal. */
export function isEqual(left: Value, right: Value): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  return isSame(left, right);
}

export function isSame(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length &&
      left.every((item: JsonValue, index) => isSame(item, right[index] as JsonValue))
    );
  }
  if (!isObject(left) || !isObject(right)) return false;
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && isSame(left[name], right[name]));
}

/** `undefined` for types that differ, or have no order. */
export function compare(left: Value, right: Value): number | undefined {
  const type = typeOf(left);
  if (type !== typeOf(right) || type === 'undefined' || type === 'array' || type === 'object')
    return undefined;
  if (left === right) return 0;
  return left! < right! ? -1 : 1;
}

/** The order of sorting: by type first (undefined, null, booleans, numbers, texts, lists, objects), then by value. */
export function inOrder(left: Value, right: Value): number {
  const [one, other] = [typeOf(left), typeOf(right)];
  if (one !== other) return types.indexOf(one) - types.indexOf(other);
  if (one !== 'array' && one !== 'object') return compare(left, right) ?? 0;
  const [text, otherText] = [identityOf(left), identityOf(right)];
  return text === otherText ? 0 : text < otherText ? -1 : 1;
}

/** The same text for values that are equal. */
export function identityOf(value: Value): string {
  if (Array.isArray(value)) return `[${value.map((item: JsonValue) => identityOf(item)).join()}]`;
  if (!isObject(value)) return value === undefined ? 'undefined' : JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${identityOf(value[name])}`).join()}}`;
}
