import { FakeClock } from '@diptych/testing';
import { transportContract } from '@diptych/testing/contracts';
import { type MemoryTransportOptions, memoryTransport } from './memory-transport.js';

function open(options: MemoryTransportOptions) {
  return async () => {
    const clock = new FakeClock();
    const transport = memoryTransport({ ...options, clock });
    return { transport, lockInMs: 30_000, advanceTime: (ms: number) => clock.advance(ms) };
  };
}

transportContract('memory', { open: open({}), lacks: { limit: 'memory takes messages of any size' } });

transportContract('memory, with a limit and without order', {
  open: open({ ordered: false, maxMessageBytes: 10_000 }),
  lacks: { ordered: 'opened as a transport that does not keep order' },
});
