import { ServiceBusClient } from '@azure/service-bus';
import { expect, test } from 'vitest';
import { startServiceBus } from './start-service-bus.js';

test('a client may ask more often than a window has places', async () => {
  const config = { UserConfig: { Namespaces: [{ Queues: [{ Name: 'orders' }] }] } };
  const bus = await startServiceBus({ config });
  const client = new ServiceBusClient(bus.connectionString);
  try {
    const receiver = client.createReceiver('orders');
    for (let asked = 0; asked < 10_000; asked++) expect(await receiver.peekMessages(1)).toEqual([]);
  } finally {
    await client.close();
    await bus.stop();
  }
});
