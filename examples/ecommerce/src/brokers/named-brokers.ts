import type { Connection, Tell } from '../services/connections.js';
import type { ShopOptions } from '../shop-options.js';
import { eventGridOf, serviceBusOf } from './broker-connections.js';
import type { ShopBrokers } from './shop-brokers.js';

export type BrokerOptions = Pick<ShopOptions, 'profile' | 'events' | 'serviceBus' | 'eventGrid' | 'hookKey'>;

/** The brokers that the options name: commands go over Service Bus, and events where `events` says. */
export async function namedBrokers(options: BrokerOptions, tell: Tell): Promise<ShopBrokers> {
  const bus = await overServiceBus(await serviceBusOf(options, tell));
  if (options.events === 'service-bus') return bus;
  const { transport: _events, ...commands } = bus;
  const grid = await overEventGrid(await eventGridOf(options, tell), options.hookKey);
  return {
    ...commands,
    ...grid,
    async close() {
      await grid.close();
      await bus.close();
    },
  };
}

// What is not used is not loaded either.

async function overServiceBus(connection: Connection<string> | undefined): Promise<ShopBrokers> {
  if (connection === undefined) return { close: async () => {} };
  const { serviceBusBrokers } = await import('./service-bus-brokers.js');
  return closedWith(connection, serviceBusBrokers(connection.to));
}

async function overEventGrid(
  connection: Awaited<ReturnType<typeof eventGridOf>>,
  hookKey: string | undefined,
): Promise<ShopBrokers> {
  if (connection === undefined) return { close: async () => {} };
  const { eventGridBrokers } = await import('./event-grid-brokers.js');
  return closedWith(connection, eventGridBrokers(connection.to, hookKey));
}

function closedWith(connection: Connection<unknown>, brokers: ShopBrokers): ShopBrokers {
  return {
    ...brokers,
    async close() {
      await brokers.close();
      await connection.close();
    },
  };
}
