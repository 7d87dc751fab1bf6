import { typeOf, type Value } from '../values.js';
import { onTexts, type SystemFunction, withValues } from './system-function.js';

type Search = (text: string, part: string) => boolean;

/** With a third value that says whether upper and lower case are the same. */
const searching = (search: Search) =>
  onTexts(
    2,
    ([text, part], [ignoreCase = false]) => {
      if (typeof ignoreCase !== 'boolean') return undefined;
      return ignoreCase ? search(text!.toLowerCase(), part!.toLowerCase()) : search(text!, part!);
    },
    3,
  );

const changing = (change: (text: string) => string) => onTexts(1, ([text]) => change(text!));

const isWhole = (value: Value): value is number => Number.isInteger(value);

const cut = (work: (text: string, count: number) => string) =>
  onTexts(1, ([text], [count]) => (isWhole(count) ? work(text!, Math.max(0, count)) : undefined), 2);

export const stringFunctions: Readonly<Record<string, SystemFunction>> = {
  CONTAINS: searching((text, part) => text.includes(part)),
  STARTSWITH: searching((text, part) => text.startsWith(part)),
  ENDSWITH: searching((text, part) => text.endsWith(part)),
  STRINGEQUALS: searching((text, part) => text === part),
  LOWER: changing((text) => text.toLowerCase()),
  UPPER: changing((text) => text.toUpperCase()),
  TRIM: changing((text) => text.trim()),
  LTRIM: changing((text) => text.trimStart()),
  RTRIM: changing((text) => text.trimEnd()),
  REVERSE: changing((text) => [...text].reverse().join('')),
  LENGTH: onTexts(1, ([text]) => text!.length),
  LEFT: cut((text, count) => text.slice(0, count)),
  RIGHT: cut((text, count) => text.slice(Math.max(0, text.length - count))),
  CONCAT: withValues(
    2,
    (values) => (values.every((value) => typeof value === 'string') ? values.join('') : undefined),
    200,
  ),
  SUBSTRING: onTexts(
    1,
    ([text], [start, length]) => {
      if (!isWhole(start) || !isWhole(length)) return undefined;
      const from = Math.max(0, start);
      return text!.slice(from, from + Math.max(0, length));
    },
    3,
  ),
  INDEX_OF: onTexts(
    2,
    ([text, part], [from = 0]) => (isWhole(from) ? text!.indexOf(part!, from) : undefined),
    3,
  ),
  REPLACE: onTexts(3, ([text, part, other]) => (part === '' ? text : text!.replaceAll(part!, () => other!))),
  REPLICATE: withValues(2, ([text, times]) =>
    typeof text === 'string' && isWhole(times) && times >= 0 && text.length * times <= 10_000
      ? text.repeat(times)
      : undefined,
  ),
  TOSTRING: withValues(1, ([value]) => {
    if (value === undefined) return undefined;
    return typeOf(value) === 'string' ? value : JSON.stringify(value);
  }),
};
