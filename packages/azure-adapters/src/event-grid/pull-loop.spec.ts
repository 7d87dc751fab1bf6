import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PullLoop } from './pull-loop.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a service that cannot be reached for long leaves nothing behind in memory, and is asked again and again', async () => {
  const signals: AbortSignal[] = [];
  const loop = new PullLoop({
    client: {
      async receiveEvents({ abortSignal } = {}) {
        signals.push(abortSignal as AbortSignal);
        throw new Error('out of reach');
      },
      acknowledgeEvents: () => Promise.reject(new Error('out of reach')),
    },
    onEvents: () => {},
  });
  loop.start();
  await vi.advanceTimersByTimeAsync(100_000);
  expect(signals).toHaveLength(21);
  // That of the pause under way.
  expect(getEventListeners(signals[0]!, 'abort')).toHaveLength(1);
  await loop.stop();
  expect(getEventListeners(signals[0]!, 'abort')).toHaveLength(0);
});
