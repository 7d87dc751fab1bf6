import { expect, it } from 'vitest';
import { Work } from '../harness/work.js';
import { leanChain, plainChain } from './hand-chains.js';
import { CountingLogger } from './order.js';

it.each([
  ['plain', plainChain],
  ['lean', leanChain],
])('the %s chain by hand handles and logs once with an id', async (_name, chain) => {
  const work = new Work();
  const logger = new CountingLogger();
  await expect(chain(work, logger)()).resolves.toBe('done');
  expect([work.handled, logger.lines]).toEqual([1, 1]);
  expect(logger.last).toMatchObject({
    kind: 'command',
    wireName: 'bench.PlaceOrder',
    messageId: expect.any(String),
  });
});
