import type { DiptychError } from '../errors/diptych-error.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { RetryPolicy } from '../pipeline/retry-policy.js';
import type { QueryCacheOptions } from '../queries/cache/query-cache-options.js';
import type { AppOptions } from './app-options.js';
import type { Registrations } from './registrations.js';
import { allRoles } from './role.js';

const leastGraceInMs = 10_000;

/** What a value must be, and how people are told. */
type Rule = readonly [fits: (value: unknown) => boolean, requirement: string];

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const text: Rule = [(value) => typeof value === 'string' && value !== '', 'a text that is not empty'];
const some: Rule = [(value) => typeof value === 'object' && value !== null, 'given'];
const time: Rule = [(value) => isNumber(value) && value > 0, 'a number of milliseconds above 0'];
const pause: Rule = [(value) => isNumber(value) && value >= 0, 'a number of milliseconds, 0 or more'];
// Queries that began on the old copy must end on it.
const grace: Rule = [
  (value) => isNumber(value) && value >= leastGraceInMs,
  `a number of milliseconds, ${leastGraceInMs} or more`,
];
const count: Rule = [(value) => Number.isInteger(value) && (value as number) > 0, 'a whole number above 0'];
const times: Rule = [
  (value) => Number.isInteger(value) && (value as number) >= 0,
  'a whole number, 0 or more',
];

const sharing: Rule = [(value) => value === 'subject' || value === 'tenant', "'subject' or 'tenant'"];
const part: Rule = [(value) => isNumber(value) && value >= 0 && value < 1, 'a number from 0 up to 1'];

/**
 * What an app cannot be put together without. The rest of the audit needs these.
 */
export function missingOptions({ name, handlers, database }: Partial<AppOptions>): readonly DiptychError[] {
  return [
    ...check('name', name, text),
    ...check('handlers', handlers, [Array.isArray, 'a list']),
    ...check('database', database, some),
  ];
}

/** Options that no app can run with, all of them: `option-invalid`. */
export function optionFaults(options: AppOptions): readonly DiptychError[] {
  const { commands = {}, events = {}, queries = {}, subscriptions = {}, topic, queue, roles } = options;
  const given: readonly (readonly [string, unknown, Rule])[] = [
    ['topic', topic, text],
    ['queue', queue, text],
    ['roles', roles, [isRoles, `some of ${allRoles.join(', ')}`]],
    ...Object.entries({ commands, events, queries }).map(
      ([of, { timeoutInMs }]) => [`${of}.timeoutInMs`, timeoutInMs, time] as const,
    ),
    ['commands.waitInMs', commands.waitInMs, pause],
    ['commands.rememberForMs', commands.rememberForMs, time],
    ['queries.cache.storeTimeoutInMs', queries.cache?.storeTimeoutInMs, time],
    ['queries.cache.leaseInMs', queries.cache?.leaseInMs, time],
    ['queries.cache.waitInMs', queries.cache?.waitInMs, pause],
    ['subscriptions.pollInMs', subscriptions.pollInMs, time],
    ['subscriptions.leaseInMs', subscriptions.leaseInMs, time],
    ['subscriptions.maxBatchEntries', subscriptions.maxBatchEntries, count],
    ['subscriptions.maxBatchBytes', subscriptions.maxBatchBytes, count],
    ['subscriptions.retiredGraceInMs', subscriptions.retiredGraceInMs, grace],
  ];
  const retries = Object.entries({ commands, events, queries });
  return [
    ...given.flatMap(([path, value, rule]) => (value === undefined ? [] : check(path, value, rule))),
    ...retries.flatMap(([of, { retry }]) => retryFaults(`${of}.retry`, retry)),
  ];
}

/** The same for what handlers say of themselves. */
export function handlerOptionFaults(registrations: Registrations): readonly DiptychError[] {
  const { commands, queries, eventHandlers } = registrations;
  return [
    ...[...commands, ...queries, ...eventHandlers].flatMap(({ name, timeoutInMs, retry }) => [
      ...(timeoutInMs === undefined ? [] : check(`timeoutInMs of ${name}`, timeoutInMs, time)),
      ...retryFaults(`retry of ${name}`, retry),
    ]),
    ...commands.flatMap(({ name, rememberForMs }) =>
      rememberForMs === undefined ? [] : check(`rememberForMs of ${name}`, rememberForMs, time),
    ),
    ...queries.flatMap(({ name, cache }) => (cache === undefined ? [] : cacheFaults(name, cache))),
  ];
}

function cacheFaults(name: string, cache: QueryCacheOptions): readonly DiptychError[] {
  const { ttlInMs, sharedBy, staleForMs, jitter, earlyRefresh, maxBytes } = cache;
  const given: readonly (readonly [string, unknown, Rule])[] = [
    ['sharedBy', sharedBy, sharing],
    ['staleForMs', staleForMs, pause],
    ['jitter', jitter, part],
    ['earlyRefresh', earlyRefresh, [(value) => isNumber(value) && value >= 0, 'a number, 0 or more']],
    ['maxBytes', maxBytes, count],
  ];
  return [
    ...check(`cache.ttlInMs of ${name}`, ttlInMs, time),
    ...given.flatMap(([option, value, rule]) =>
      value === undefined ? [] : check(`cache.${option} of ${name}`, value, rule),
    ),
  ];
}

function retryFaults(path: string, policy: RetryPolicy = {}): readonly DiptychError[] {
  return Object.entries(policy).flatMap(([code, { immediate = 0, delaysInMs = [] } = {}]) => [
    ...check(`${path}: ${code}.immediate`, immediate, times),
    ...delaysInMs.flatMap((delay) => check(`${path}: ${code}.delaysInMs`, delay, pause)),
  ]);
}

function check(option: string, value: unknown, [fits, requirement]: Rule): readonly DiptychError[] {
  if (fits(value)) return [];
  const shown =
    typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? `[${value}]` : String(value);
  return [
    new ProgrammingError('option-invalid', `\`${option}\` is ${shown}; it must be ${requirement}.`, {
      option,
    }),
  ];
}

function isRoles(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((role) => allRoles.includes(role));
}
