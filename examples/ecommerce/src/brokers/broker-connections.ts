import { type Connection, connectionTo, type Tell } from '../services/connections.js';
import { startEmulator } from '../services/emulators.js';
import type { ShopOptions } from '../shop-options.js';
import type { EventGridTopic } from './event-grid-brokers.js';

/** The Service Bus that the options name. */
export async function serviceBusOf(
  { profile, serviceBus }: Pick<ShopOptions, 'profile' | 'serviceBus'>,
  tell: Tell,
): Promise<Connection<string> | undefined> {
  if (serviceBus !== undefined) return connectionTo(serviceBus);
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
  if (eventGrid !== undefined) return connectionTo(eventGrid);
  if (profile !== 'emulated') return undefined;
  const { connectionString, stop } = await startEmulator('event-grid');
  const [, address, key] = /^Endpoint=(.+);Key=(.+)$/.exec(connectionString) as unknown as readonly string[];
  const topic = { endpoint: `${address}/topics/shop/api/events`, key: String(key) };
  tell('SHOP_EVENT_GRID', `Endpoint=${topic.endpoint};Key=${topic.key}`);
  return { to: topic, close: async () => void (await stop()) };
}
