import type { ShopOptions } from '../shop-options.js';
import { startEmulator } from './emulators.js';
import type { EventGridTopic } from './event-grid-brokers.js';

/** A service in Azure, or an emulator that was started for this shop. */
export interface Connection<T> {
  readonly to: T;
  close(): Promise<void>;
}

/** Told what other shops are to have in their environment to use the same services. */
export type Tell = (variable: string, value: string) => void;

/** The Service Bus that the options name. */
export async function serviceBusOf(
  { profile, serviceBus }: Pick<ShopOptions, 'profile' | 'serviceBus'>,
  tell: Tell,
): Promise<Connection<string> | undefined> {
  if (serviceBus !== undefined) return { to: serviceBus, close: async () => {} };
  if (profile !== 'emulated') return undefined;
  const { connectionString, stop } = await startEmulator('service-bus');
  tell('SHOP_SERVICE_BUS', connectionString);
  return { to: connectionString, close: async () => void (await stop()) };
}

/** The topic of Event Grid that the options name. */
export async function eventGridOf(
  { profile, eventGrid }: Pick<ShopOptions, 'profile' | 'eventGrid'>,
  tell: Tell,
): Promise<Connection<EventGridTopic> | undefined> {
  if (eventGrid !== undefined) return { to: eventGrid, close: async () => {} };
  if (profile !== 'emulated') return undefined;
  const { connectionString, stop } = await startEmulator('event-grid');
  const [, address, key] = /^Endpoint=(.+);Key=(.+)$/.exec(connectionString) as unknown as readonly string[];
  const topic = { endpoint: `${address}/topics/shop/api/events`, key: String(key) };
  tell('SHOP_EVENT_GRID', `Endpoint=${topic.endpoint};Key=${topic.key}`);
  return { to: topic, close: async () => void (await stop()) };
}
