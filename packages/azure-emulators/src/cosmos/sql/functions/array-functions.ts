import { isObject, type JsonValue } from '../../items/json.js';
import { identityOf, isSame, type Value } from '../values.js';
import { type SystemFunction, withValues } from './system-function.js';

const isList = (value: Value): value is readonly JsonValue[] => Array.isArray(value);

/** Whether an item has all properties of another, and maybe more. */
function hasPart(item: JsonValue, part: JsonValue): boolean {
  if (!isObject(item) || !isObject(part)) return isSame(item, part);
  return Object.entries(part).every(
    ([name, value]) => Object.hasOwn(item, name) && hasPart(item[name]!, value),
  );
}

const onLists = (work: (one: readonly JsonValue[], other: readonly JsonValue[]) => Value) =>
  withValues(2, ([one, other]) => (isList(one) && isList(other) ? work(one, other) : undefined));

function distinct(items: readonly JsonValue[]): JsonValue[] {
  return [...new Map(items.map((item) => [identityOf(item), item])).values()];
}

const includes = (list: readonly JsonValue[], item: JsonValue) => list.some((one) => isSame(one, item));

const containingListed = (
  holds: (has: (item: JsonValue) => boolean, items: readonly JsonValue[]) => boolean,
) =>
  withValues(
    2,
    ([list, ...items]) => {
      if (!isList(list)) return undefined;
      return holds(
        (item) => includes(list, item),
        items.filter((item) => item !== undefined),
      );
    },
    200,
  );

export const arrayFunctions: Readonly<Record<string, SystemFunction>> = {
  ARRAY_CONTAINS: withValues(
    2,
    ([list, item, isPartial = false]) => {
      if (!isList(list) || item === undefined) return undefined;
      return list.some((one) => (isPartial === true ? hasPart(one, item) : isSame(one, item)));
    },
    3,
  ),
  ARRAY_CONTAINS_ALL: containingListed((has, items) => items.every(has)),
  ARRAY_CONTAINS_ANY: containingListed((has, items) => items.some(has)),
  ARRAY_LENGTH: withValues(1, ([list]) => (isList(list) ? list.length : undefined)),
  ARRAY_CONCAT: withValues(2, (lists) => (lists.every(isList) ? lists.flat(1) : undefined), 200),
  ARRAY_SLICE: withValues(
    2,
    ([list, start, length]) => {
      if (!isList(list) || !Number.isInteger(start)) return undefined;
      const from = (start as number) < 0 ? Math.max(0, list.length + (start as number)) : (start as number);
      if (length === undefined) return list.slice(from);
      return Number.isInteger(length) ? list.slice(from, from + Math.max(0, length as number)) : undefined;
    },
    3,
  ),
  SETINTERSECT: onLists((one, other) => distinct(one).filter((item) => includes(other, item))),
  SETUNION: onLists((one, other) => distinct([...one, ...other])),
  OBJECTTOARRAY: withValues(1, ([value]) =>
    isObject(value) ? Object.entries(value).map(([k, v]) => ({ k, v })) : undefined,
  ),
};
