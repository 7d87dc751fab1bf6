import { badRequest } from '../errors/service-bus-error.js';
import {
  defaultSettings,
  type QueueSettings,
  type SubscriptionSettings,
  type TopicSettings,
} from './entity-settings.js';
import { formatDuration, parseDuration } from './iso-duration.js';

export interface SettingsByKind {
  queue: QueueSettings;
  topic: TopicSettings;
  subscription: SubscriptionSettings;
}

export type EntityKind = keyof SettingsByKind;

const statuses = ['Active', 'Disabled', 'SendDisabled', 'ReceiveDisabled'];

/** The name of a setting in config files and in the administration API. */
const wireName = (field: string) => {
  const name = field.replace(/InMs$/, '');
  return name.charAt(0).toUpperCase() + name.slice(1);
};

/** `given` by wire names, over `base`. Other names are passed over. Throws for values that are none of their kind. */
export function readSettings<K extends EntityKind>(
  kind: K,
  given: Readonly<Record<string, unknown>>,
  base: SettingsByKind[K] = defaultSettings[kind] as SettingsByKind[K],
): SettingsByKind[K] {
  const read = Object.entries(base).map(([field, standard]) => {
    const value = given[wireName(field)];
    return [field, value === undefined || value === null ? standard : readValue(field, value, standard)];
  });
  const settings = Object.fromEntries(read) as SettingsByKind[K];
  assertWithinLimits(settings);
  return settings;
}

/** Texts by wire names. */
export function writeSettings(settings: object): Record<string, string> {
  const written = Object.entries(settings).map(([field, value]) => [
    wireName(field),
    field.endsWith('InMs') ? formatDuration(value as number) : String(value),
  ]);
  return Object.fromEntries(written) as Record<string, string>;
}

export const knownSettings = (kind: EntityKind): string[] => Object.keys(defaultSettings[kind]).map(wireName);

function readValue(field: string, value: unknown, standard: unknown): unknown {
  const text = String(value);
  if (field.endsWith('InMs')) return parseDuration(text);
  if (field === 'status' && !statuses.includes(text)) throw badRequest(`There is no status '${text}'.`);
  if (typeof standard === 'boolean') {
    if (!/^(true|false)$/i.test(text)) throw badRequest(`${wireName(field)} must be true or false.`);
    return text.toLowerCase() === 'true';
  }
  if (typeof standard !== 'number') return text;
  if (!/^\d+$/.test(text)) throw badRequest(`${wireName(field)} must be a whole number.`);
  return Number(text);
}

const minute = 60_000;

function assertWithinLimits(settings: Partial<QueueSettings>): void {
  const within = (field: keyof QueueSettings, least: number, most: number) => {
    const value = settings[field];
    if (typeof value === 'number' && (value < least || value > most)) {
      throw badRequest(`The value supplied for '${wireName(field)}' is outside the allowed range.`);
    }
  };
  // The SDK renews a lock of a second or less without a pause.
  within('lockDurationInMs', 1001, 5 * minute);
  within('maxDeliveryCount', 1, 2000);
  within('defaultMessageTimeToLiveInMs', 1000, Number.POSITIVE_INFINITY);
  within('autoDeleteOnIdleInMs', 5 * minute, Number.POSITIVE_INFINITY);
  within('duplicateDetectionHistoryTimeWindowInMs', 20_000, 7 * 24 * 60 * minute);
  within('maxMessageSizeInKilobytes', 1, 100 * 1024);
}
