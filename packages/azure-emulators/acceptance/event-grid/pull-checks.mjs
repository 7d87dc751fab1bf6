import assert from 'node:assert/strict';
import { pull } from './harness.mjs';

const event = (n) => ({ source: '/checks', type: 'check.Happened', data: { n } });
const numbers = (details) => details.map(({ event: { data } }) => data.n);
const tokens = (details) => details.map(({ brokerProperties }) => brokerProperties.lockToken);

async function queue(context) {
  await context.subscribe('queue');
  return { sender: context.sender(), receiver: context.receiver('queue') };
}

export const pullChecks = {
  async 'what is acknowledged does not come again'(context) {
    const { sender, receiver } = await queue(context);
    await sender.sendEvents([event(1), event(2)]);
    const details = await pull(receiver);
    assert.deepEqual(numbers(details), [1, 2]);
    const answer = await receiver.acknowledgeEvents(tokens(details));
    assert.deepEqual(answer.succeededLockTokens, tokens(details));
    await sender.sendEvents([event(3)]);
    assert.deepEqual(numbers(await pull(receiver)), [3]);
  },

  async 'what is not acknowledged comes again after its lock, and counts'(context) {
    const { sender, receiver } = await queue(context);
    await sender.sendEvents([event(1)]);
    const [first] = await pull(receiver);
    await context.pass(61_000);
    const [again] = await pull(receiver);
    assert.equal(again.brokerProperties.deliveryCount, 2);
    const answer = await receiver.acknowledgeEvents(tokens([first]));
    assert.deepEqual(
      answer.failedLockTokens.map(({ lockToken }) => lockToken),
      tokens([first]),
    );
  },

  async 'a lock that is renewed is kept'(context) {
    const { sender, receiver } = await queue(context);
    await sender.sendEvents([event(1)]);
    const details = await pull(receiver);
    await context.pass(40_000);
    await receiver.renewEventLocks(tokens(details));
    await context.pass(40_000);
    const answer = await receiver.acknowledgeEvents(tokens(details));
    assert.deepEqual(answer.succeededLockTokens, tokens(details));
  },

  async 'what is released comes again, at once or later'(context) {
    const { sender, receiver } = await queue(context);
    await sender.sendEvents([event(1)]);
    await receiver.releaseEvents(tokens(await pull(receiver)));
    const again = await pull(receiver);
    assert.deepEqual(numbers(again), [1]);
    await receiver.releaseEvents(tokens(again), { releaseDelay: 10 });
    await sender.sendEvents([event(2)]);
    assert.deepEqual(numbers(await pull(receiver)), [2]);
    await context.pass(10_000);
    assert.deepEqual(numbers(await pull(receiver)), [1]);
  },

  async 'what is rejected does not come again'(context) {
    const { sender, receiver } = await queue(context);
    await sender.sendEvents([event(1)]);
    await receiver.rejectEvents(tokens(await pull(receiver)));
    await sender.sendEvents([event(2)]);
    assert.deepEqual(numbers(await pull(receiver)), [2]);
  },

  async 'a client that waits is given what comes'(context) {
    const { sender, receiver } = await queue(context);
    const waiting = pull(receiver);
    await sender.sendEvents([event(1)]);
    assert.deepEqual(numbers(await waiting), [1]);
  },
};
