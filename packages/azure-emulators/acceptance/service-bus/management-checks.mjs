import assert from 'node:assert/strict';
import { bodies, codeOf, errorOf, isEmpty, receive, receiveOne } from './harness.mjs';

const minute = 60_000;
async function withDeferred(context) {
  const queue = await context.queue();
  await context.send(queue, { body: 1 });
  const receiver = context.receiver(queue);
  const message = await receiveOne(receiver);
  await receiver.deferMessage(message);
  const [deferred] = await receiver.receiveDeferredMessages([message.sequenceNumber]);
  return { queue, receiver, deferred };
}

export const managementChecks = {
  async 'a look goes over all states, in order, from any number on'(context) {
    const queue = await context.queue();
    const sender = context.client.createSender(queue);
    await sender.sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
    await sender.scheduleMessages({ body: 4 }, context.in(10 * minute));
    const receiver = context.receiver(queue);
    const [first, second] = await receive(receiver, 2);
    await receiver.deferMessage(first);
    const looker = context.receiver(queue);
    const seen = await looker.peekMessages(10);
    assert.deepEqual(bodies(seen), [1, 2, 3, 4]);
    assert.deepEqual(
      seen.map(({ state }) => state),
      ['deferred', 'active', 'active', 'scheduled'],
    );
    assert.deepEqual(await looker.peekMessages(10), []);
    const from = await looker.peekMessages(1, { fromSequenceNumber: second.sequenceNumber });
    assert.deepEqual(bodies(from), [2]);
  },

  async 'looking leaves things as they are'(context) {
    const queue = await context.queue();
    await context.send(queue, { body: 1 });
    assert.equal((await context.receiver(queue).peekMessages(1)).length, 1);
    assert.equal((await receiveOne(context.receiver(queue))).deliveryCount, 0);
  },

  async 'an empty queue shows nothing'(context) {
    assert.deepEqual(await context.receiver(await context.queue()).peekMessages(5), []);
  },

  async 'a scheduled message comes when it is due and not before'(context) {
    const queue = await context.queue();
    const sender = context.client.createSender(queue);
    const due = context.in(5000);
    const [number] = await sender.scheduleMessages([{ body: 'later' }], due);
    assert.ok(number.greaterThan(0));
    const receiver = context.receiver(queue);
    assert.ok(await isEmpty(receiver));
    await context.pass(6000);
    const message = await receiveOne(receiver);
    assert.equal(message.body, 'later');
    assert.equal(message.state, 'active');
    assert.ok(message.enqueuedTimeUtc.getTime() >= due.getTime() - 1000);
  },

  async 'a message can carry its own due time'(context) {
    const queue = await context.queue();
    const scheduledEnqueueTimeUtc = context.in(5000);
    await context.send(queue, { body: 'later', scheduledEnqueueTimeUtc });
    const receiver = context.receiver(queue);
    assert.ok(await isEmpty(receiver));
    await context.pass(6000);
    assert.equal((await receiveOne(receiver)).body, 'later');
  },

  async 'a due time that is past is now'(context) {
    const queue = await context.queue();
    const sender = context.client.createSender(queue);
    await sender.scheduleMessages({ body: 'now' }, context.in(-minute));
    assert.equal((await receiveOne(context.receiver(queue))).body, 'now');
  },

  async 'a scheduled message can be cancelled'(context) {
    const queue = await context.queue();
    const sender = context.client.createSender(queue);
    const numbers = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], context.in(5000));
    await sender.cancelScheduledMessages(numbers[0]);
    await context.pass(6000);
    const receiver = context.receiver(queue);
    assert.deepEqual(bodies(await receive(receiver, 2)), [2]);
    assert.equal(await codeOf(sender.cancelScheduledMessages(numbers[0])), 'MessageNotFound');
  },

  async 'messages scheduled for a topic reach its subscriptions, or are cancelled there'(context) {
    const topic = await context.topic();
    const subscription = await context.subscription(topic);
    const sender = context.client.createSender(topic);
    const due = context.in(5000);
    const [, cancelled] = await sender.scheduleMessages([{ body: 1 }, { body: 2 }], due);
    await sender.cancelScheduledMessages(cancelled);
    const receiver = context.subscriptionReceiver(topic, subscription);
    assert.ok(await isEmpty(receiver));
    await context.pass(6000);
    assert.deepEqual(bodies(await receive(receiver, 2)), [1]);
  },

  async 'a deferred message can be completed'(context) {
    const { receiver, deferred } = await withDeferred(context);
    await receiver.completeMessage(deferred);
    assert.deepEqual(await receiver.peekMessages(1), []);
  },

  async 'a deferred message that is abandoned stays deferred'(context) {
    const { receiver, deferred } = await withDeferred(context);
    await receiver.abandonMessage(deferred, { tried: true });
    assert.ok(await isEmpty(receiver));
    const [again] = await receiver.receiveDeferredMessages([deferred.sequenceNumber]);
    assert.equal(again.applicationProperties.tried, true);
  },

  async 'a deferred message can be deferred again'(context) {
    const { receiver, deferred } = await withDeferred(context);
    await receiver.deferMessage(deferred);
    assert.equal((await receiver.receiveDeferredMessages([deferred.sequenceNumber])).length, 1);
  },

  async 'a deferred message can become a dead letter'(context) {
    const { queue, receiver, deferred } = await withDeferred(context);
    await receiver.deadLetterMessage(deferred, { deadLetterReason: 'r', deadLetterErrorDescription: 'd' });
    const dead = await receiveOne(context.receiver(queue, { subQueueType: 'deadLetter' }));
    assert.equal(dead.deadLetterReason, 'r');
    assert.equal(dead.deadLetterErrorDescription, 'd');
  },

  async 'the lock of a deferred message can be renewed'(context) {
    const { receiver, deferred } = await withDeferred(context);
    assert.ok((await receiver.renewMessageLock(deferred)) instanceof Date);
  },

  async 'deferred messages can be received and deleted'(context) {
    const { queue, receiver, deferred } = await withDeferred(context);
    await receiver.abandonMessage(deferred);
    const deleting = context.receiver(queue, { receiveMode: 'receiveAndDelete' });
    assert.equal((await deleting.receiveDeferredMessages([deferred.sequenceNumber])).length, 1);
    assert.deepEqual(await deleting.peekMessages(1), []);
  },

  async 'a number that no deferred message has is told'(context) {
    const queue = await context.queue();
    await context.send(queue, { body: 'active, not deferred' });
    const receiver = context.receiver(queue);
    const [{ sequenceNumber }] = await receiver.peekMessages(1);
    assert.equal(await codeOf(receiver.receiveDeferredMessages([sequenceNumber])), 'MessageNotFound');
    assert.equal(
      await codeOf(receiver.receiveDeferredMessages([sequenceNumber.add(999)])),
      'MessageNotFound',
    );
  },

  async 'an entity that is not there is told'(context) {
    const error = await errorOf(context.client.createReceiver('nothing-here').peekMessages(1));
    assert.equal(error.code, 'MessagingEntityNotFound');
  },
};
