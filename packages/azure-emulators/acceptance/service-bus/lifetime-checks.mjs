import assert from 'node:assert/strict';
import { bodies, isEmpty, receive, receiveOne } from './harness.mjs';

const deadLetters = (context, queue) => context.receiver(queue, { subQueueType: 'deadLetter' });

export const lifetimeChecks = {
  async 'a message that has expired is gone'(context) {
    const queue = await context.queue();
    await context.send(queue, [{ body: 'short', timeToLive: 2000 }, { body: 'long' }]);
    await context.pass(2500);
    const receiver = context.receiver(queue);
    assert.deepEqual(bodies(await receive(receiver, 2, 500)), ['long']);
    assert.ok(await isEmpty(deadLetters(context, queue)));
  },

  async 'a message that has not quite expired is delivered'(context) {
    const queue = await context.queue();
    await context.send(queue, { body: 1, timeToLive: 60_000 });
    await context.pass(2000);
    assert.equal((await receiveOne(context.receiver(queue))).body, 1);
  },

  async 'an expired message becomes a dead letter where that is wished'(context) {
    const queue = await context.queue({ deadLetteringOnMessageExpiration: true });
    await context.send(queue, { body: 1, timeToLive: 2000 });
    await context.pass(2500);
    const dead = await receiveOne(deadLetters(context, queue));
    assert.equal(dead.deadLetterReason, 'TTLExpiredException');
  },

  async 'the queue limits how long messages live'(context) {
    const queue = await context.queue({ defaultMessageTimeToLive: 'PT2S' });
    await context.send(queue, { body: 1, timeToLive: 3_600_000 });
    await context.pass(2500);
    assert.ok(await isEmpty(context.receiver(queue)));
  },

  async 'the topic limits how long messages live'(context) {
    const topic = await context.topic({ defaultMessageTimeToLive: 'PT2S' });
    const subscription = await context.subscription(topic);
    await context.send(topic, { body: 1 });
    await context.pass(2500);
    assert.ok(await isEmpty(context.subscriptionReceiver(topic, subscription)));
  },

  async 'the same id within the window is passed over'(context) {
    const queue = await context.queue({
      requiresDuplicateDetection: true,
      duplicateDetectionHistoryTimeWindow: 'PT20S',
    });
    await context.send(queue, { body: 1, messageId: 'same' });
    await context.send(queue, { body: 2, messageId: 'same' });
    await context.send(queue, { body: 3, messageId: 'other' });
    const receiver = context.receiver(queue);
    const got = await receive(receiver, 3, 500);
    assert.deepEqual(bodies(got), [1, 3]);
    for (const message of got) await receiver.completeMessage(message);
    await context.send(queue, { body: 4, messageId: 'same' });
    assert.ok(await isEmpty(receiver));
    await context.pass(21_000);
    await context.send(queue, { body: 5, messageId: 'same' });
    assert.deepEqual(bodies(await receive(receiver, 1, 500)), [5]);
  },

  async 'without duplicate detection the same id comes twice'(context) {
    const queue = await context.queue();
    await context.send(queue, [
      { body: 1, messageId: 'same' },
      { body: 2, messageId: 'same' },
    ]);
    assert.equal((await receive(context.receiver(queue), 2)).length, 2);
  },

  async 'a queue forwards what comes to it'(context) {
    const target = await context.queue();
    const queue = await context.queue({ forwardTo: target });
    await context.send(queue, { body: 1, messageId: 'one' });
    assert.equal((await receiveOne(context.receiver(target))).messageId, 'one');
  },

  async 'a subscription forwards what comes to it'(context) {
    const target = await context.queue();
    const topic = await context.topic();
    await context.subscription(topic, undefined, { forwardTo: target });
    await context.send(topic, { body: 1 });
    assert.equal((await receiveOne(context.receiver(target))).body, 1);
  },

  async 'dead letters are forwarded'(context) {
    const target = await context.queue();
    const queue = await context.queue({ forwardDeadLetteredMessagesTo: target });
    await context.send(queue, { body: 1 });
    const receiver = context.receiver(queue);
    await receiver.deadLetterMessage(await receiveOne(receiver), { deadLetterReason: 'r' });
    const dead = await receiveOne(context.receiver(target));
    assert.equal(dead.deadLetterReason, 'r');
    assert.equal(dead.deadLetterSource.toLowerCase(), queue);
  },

  async 'what cannot be forwarded waits as a dead letter of the transfer'(context) {
    const target = await context.queue();
    const queue = await context.queue({ forwardTo: target });
    await context.admin.deleteQueue(target);
    await context.send(queue, { body: 1 });
    const transfer = context.receiver(queue, { subQueueType: 'transferDeadLetter' });
    assert.equal((await receiveOne(transfer)).body, 1);
  },

  async 'a subscription that nobody uses is deleted'(context) {
    const topic = await context.topic();
    const subscription = await context.subscription(topic, undefined, { autoDeleteOnIdle: 'PT5M' });
    const other = await context.subscription(topic);
    await context.pass(5.5 * 60_000);
    assert.equal(await context.admin.subscriptionExists(topic, subscription), false);
    assert.equal(await context.admin.subscriptionExists(topic, other), true);
  },
};
