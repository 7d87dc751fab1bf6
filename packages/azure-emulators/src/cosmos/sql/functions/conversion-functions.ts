import { isObject, type JsonValue } from '../../items/json.js';
import { onTexts, type SystemFunction, withValues } from './system-function.js';

const parsedAs = (accepts: (value: JsonValue) => boolean) =>
  onTexts(1, ([text]) => {
    try {
      const value = JSON.parse(text!.trim()) as JsonValue;
      return accepts(value) ? value : undefined;
    } catch {
      return undefined;
    }
  });

export const conversionFunctions: Readonly<Record<string, SystemFunction>> = {
  STRINGTONUMBER: parsedAs((value) => typeof value === 'number'),
  STRINGTOBOOLEAN: parsedAs((value) => typeof value === 'boolean'),
  STRINGTONULL: parsedAs((value) => value === null),
  STRINGTOARRAY: parsedAs(Array.isArray),
  STRINGTOOBJECT: parsedAs(isObject),
};

const parts = ['yyyy', 'mm', 'dd', 'hh', 'mi', 'ss', 'ms'] as const;
const dateText = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?Z?)?$/;

/** As the service writes instants: seven digits of a second. */
const written = (instant: number) => `${new Date(instant).toISOString().slice(0, -1)}0000Z`;

const instantOf = (text: string): number | undefined => {
  if (!dateText.test(text)) return undefined;
  const instant = Date.parse(/T.*[^Z]$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(instant) ? undefined : instant;
};

const onInstant = (work: (instant: number) => JsonValue | undefined) =>
  onTexts(1, ([text]) => {
    const instant = instantOf(text!);
    return instant === undefined ? undefined : work(instant);
  });

const ticksAtEpoch = 621_355_968_000_000_000;

export const dateFunctions: Readonly<Record<string, SystemFunction>> = {
  GETCURRENTTIMESTAMP: withValues(0, (_values, clock) => clock.now()),
  GETCURRENTDATETIME: withValues(0, (_values, clock) => written(clock.now())),
  GETCURRENTTICKS: withValues(0, (_values, clock) => clock.now() * 10_000 + ticksAtEpoch),
  DATETIMETOTIMESTAMP: onInstant((instant) => instant),
  TIMESTAMPTODATETIME: withValues(1, ([instant]) =>
    typeof instant === 'number' && Math.abs(instant) <= 8.64e15 ? written(instant) : undefined,
  ),
  DATETIMEPART: onTexts(2, ([part, text]) => {
    const index = parts.indexOf(part!.toLowerCase() as (typeof parts)[number]);
    const instant = instantOf(text!);
    if (index < 0 || instant === undefined) return undefined;
    return Number(new Date(instant).toISOString().split(/[-T:.Z]/)[index]);
  }),
};
