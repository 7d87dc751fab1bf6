import assert from 'node:assert/strict';
import { codeOf, isEmpty, lockDurationInMs, receiveOne } from './harness.mjs';

/** A queue with one message, and a receiver that has it. */
async function withMessage(context, options) {
  const queue = await context.queue(options);
  await context.send(queue, { body: 1, applicationProperties: { kept: 'yes', changed: 'no' } });
  const receiver = context.receiver(queue);
  return { queue, receiver, message: await receiveOne(receiver) };
}

export const settlingChecks = {
  async 'complete takes the message away'(context) {
    const { receiver, message } = await withMessage(context);
    await receiver.completeMessage(message);
    assert.deepEqual(await receiver.peekMessages(1), []);
  },

  async 'abandon gives it back, counted and with its changes'(context) {
    const { receiver, message } = await withMessage(context);
    await receiver.abandonMessage(message, { changed: 'by me', added: 3 });
    const again = await receiveOne(receiver);
    assert.equal(again.deliveryCount, 1);
    assert.deepEqual(again.applicationProperties, { kept: 'yes', changed: 'by me', added: 3 });
    assert.ok(again.sequenceNumber.equals(message.sequenceNumber));
  },

  async 'defer keeps it for who knows its number'(context) {
    const { receiver, message } = await withMessage(context);
    await receiver.deferMessage(message, { why: 'later' });
    assert.ok(await isEmpty(receiver));
    const [peeked] = await receiver.peekMessages(1);
    assert.equal(peeked.state, 'deferred');
    const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);
    assert.equal(deferred.body, 1);
    assert.equal(deferred.applicationProperties.why, 'later');
    await receiver.completeMessage(deferred);
    assert.deepEqual(await receiver.peekMessages(1), []);
  },

  async 'dead-letter moves it, with reason, description and properties'(context) {
    const { queue, receiver, message } = await withMessage(context);
    await receiver.deadLetterMessage(message, {
      deadLetterReason: 'wrong',
      deadLetterErrorDescription: 'not ours',
      source: 'check',
    });
    assert.ok(await isEmpty(receiver));
    const deadLetters = context.receiver(queue, { subQueueType: 'deadLetter' });
    const dead = await receiveOne(deadLetters);
    assert.equal(dead.deadLetterReason, 'wrong');
    assert.equal(dead.deadLetterErrorDescription, 'not ours');
    assert.equal(dead.applicationProperties.source, 'check');
    assert.equal(dead.messageId, message.messageId);
    await deadLetters.completeMessage(dead);
    assert.deepEqual(await deadLetters.peekMessages(1), []);
  },

  async 'a dead letter stays, however often it is given back'(context) {
    const { queue, receiver, message } = await withMessage(context, { maxDeliveryCount: 1 });
    await receiver.deadLetterMessage(message);
    const deadLetters = context.receiver(queue, { subQueueType: 'deadLetter' });
    for (let round = 0; round < 3; round++) {
      await deadLetters.abandonMessage(await receiveOne(deadLetters));
    }
    assert.equal((await deadLetters.peekMessages(5)).length, 1);
  },

  async 'a lock that has expired is lost, and the message comes again, counted'(context) {
    const { receiver, message } = await withMessage(context);
    await context.pass(lockDurationInMs + 500);
    assert.equal(await codeOf(receiver.completeMessage(message)), 'MessageLockLost');
    const again = await receiveOne(receiver);
    assert.equal(again.deliveryCount, 1);
    await receiver.completeMessage(again);
  },

  async 'a renewed lock holds on'(context) {
    const { receiver, message } = await withMessage(context);
    await context.pass(lockDurationInMs * 0.6);
    const before = message.lockedUntilUtc;
    const until = await receiver.renewMessageLock(message);
    assert.ok(until > before);
    await context.pass(lockDurationInMs * 0.6);
    await receiver.completeMessage(message);
    assert.deepEqual(await receiver.peekMessages(1), []);
  },

  async 'what was delivered too often becomes a dead letter'(context) {
    const { queue, receiver, message } = await withMessage(context, { maxDeliveryCount: 2 });
    await receiver.abandonMessage(message);
    await receiver.abandonMessage(await receiveOne(receiver));
    assert.ok(await isEmpty(receiver));
    const dead = await receiveOne(context.receiver(queue, { subQueueType: 'deadLetter' }));
    assert.equal(dead.deadLetterReason, 'MaxDeliveryCountExceeded');
  },

  async 'a message is settled also after its receiver was closed'(context) {
    const { queue, receiver, message } = await withMessage(context);
    await receiver.close();
    await context.receiver(queue).completeMessage(message);
    assert.deepEqual(await context.receiver(queue).peekMessages(1), []);
  },

  async 'a closed receiver leaves its locks to expire'(context) {
    const { queue, receiver } = await withMessage(context);
    await receiver.close();
    const other = context.receiver(queue);
    assert.ok(await isEmpty(other));
    await context.pass(lockDurationInMs + 500);
    assert.equal((await receiveOne(other)).deliveryCount, 1);
  },
};
