import { FakeClock } from '@diptych/testing';
import { queueContract, transportContract } from '@diptych/testing/contracts';
import { describe, expect, test } from 'vitest';
import type { TopicSubscription } from '../transports/transport.js';
import { type MemoryTransportOptions, memoryTransport } from './memory-transport.js';

function open(options: MemoryTransportOptions) {
  return async () => {
    const clock = new FakeClock();
    const transport = memoryTransport({ ...options, clock });
    return { transport, lockInMs: 30_000, advanceTime: (ms: number) => clock.advance(ms) };
  };
}

transportContract('memory', { open: open({}), lacks: { limit: 'memory takes messages of any size' } });

queueContract('memory', {
  async open() {
    const { transport, ...rest } = await open({})();
    return { queues: transport, ...rest };
  },
});

transportContract('memory, with a limit and without order', {
  open: open({ ordered: false, maxMessageBytes: 10_000 }),
  lacks: { ordered: 'opened as a transport that does not keep order' },
});

describe('a subscription that nobody uses', () => {
  const deleteWhenIdleInMs = 60_000;
  const message = (id: string) => ({ id, entry: {} as never, previous: undefined });
  const idle = async (use: (subscription: TopicSubscription) => unknown) => {
    const clock = new FakeClock();
    const transport = memoryTransport({ clock, deleteWhenIdleInMs });
    const subscription = await transport.subscribe('events', 'orders/v1');
    await use(subscription);
    await transport.publish('events', 0, [message('1')]);
    await clock.advance(deleteWhenIdleInMs + 1);
    await transport.publish('events', 0, [message('2')]);
    const session = await (await transport.subscribe('events', 'orders/v1')).accept(0);
    return (await session?.receive(10))?.map(({ message: { id } }) => id);
  };

  test('is deleted in the end, and holds no message for ever', async () => {
    expect(await idle(() => undefined)).toEqual([]);
  });

  test('is kept while somebody listens', async () => {
    expect(await idle((subscription) => subscription.onArrival(() => {}))).toEqual(['1', '2']);
  });
});
