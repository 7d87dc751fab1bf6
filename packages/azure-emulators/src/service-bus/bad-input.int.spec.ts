import { once } from 'node:events';
import { connect } from 'node:net';
import { ServiceBusClient } from '@azure/service-bus';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningServiceBus } from './service-bus-options.js';
import { startServiceBus } from './start-service-bus.js';

let bus: RunningServiceBus;
beforeAll(async () => {
  const config = { UserConfig: { Namespaces: [{ Queues: [{ Name: 'orders' }] }] } };
  bus = await startServiceBus({ config });
});
afterAll(() => bus.stop());

/** Writes bytes, and resolves when the server or nobody has anything left to say. */
async function write(...chunks: readonly Uint8Array[]): Promise<void> {
  const socket = connect(bus.port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  for (const chunk of chunks) socket.write(chunk);
  socket.end();
  socket.resume();
  await once(socket, 'close');
}

async function expectToWork(): Promise<void> {
  const client = new ServiceBusClient(bus.connectionString);
  try {
    await client.createSender('orders').sendMessages({ body: 'still here' });
    const receiver = client.createReceiver('orders', { receiveMode: 'receiveAndDelete' });
    expect(await receiver.receiveMessages(1)).toMatchObject([{ body: 'still here' }]);
  } finally {
    await client.close();
  }
}

const sasl = Buffer.from('AMQP\x03\x01\x00\x00', 'latin1');
const amqp = Buffer.from('AMQP\x00\x01\x00\x00', 'latin1');
const tls = Buffer.from('160301020001000001fc0303', 'hex');
const saslInit = Buffer.from('0000001a02010000005341c00d0101a309414e4f4e594d4f5553', 'hex');

test('whatever bytes a client sends, its connection ends and the emulator goes on', async () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(Buffer.alloc(0), sasl, amqp, tls), bytes, async (start, rest) => {
      await write(start, rest);
    }),
    { numRuns: 60 },
  );
  await expectToWork();
});

test('a frame of a size that cannot be, or half of one, ends the connection', async () => {
  await write(sasl, saslInit, amqp, Buffer.from('ffffffff02000000', 'hex'));
  await write(sasl, saslInit, amqp, Buffer.from('0000000402000000', 'hex'));
  await write(sasl, saslInit, amqp, Buffer.from('0000006402000000005310', 'hex'));
  await expectToWork();
});
