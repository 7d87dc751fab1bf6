import assert from 'node:assert/strict';
import { bodies, codeOf, isEmpty, receive, receiveOne } from './harness.mjs';

const everything = {
  body: { order: 1, lines: [{ sku: 'a' }] },
  messageId: 'id-1',
  correlationId: 'correlation',
  subject: 'order.placed',
  to: 'somewhere',
  replyTo: 'elsewhere',
  replyToSessionId: 'reply-session',
  contentType: 'application/json',
  timeToLive: 3_600_000,
  applicationProperties: { text: 'é', whole: 7, large: 2 ** 40, fraction: 1.5, negative: -3, yes: true },
};

export const messageChecks = {
  async 'what a client writes comes back as it was'(context) {
    const queue = await context.queue();
    await context.send(queue, everything);
    const message = await receiveOne(context.receiver(queue));
    for (const [name, value] of Object.entries(everything)) assert.deepEqual(message[name], value, name);
  },

  async 'bodies of all kinds come back as they were'(context) {
    const queue = await context.queue();
    const all = ['text', 1.5, null, true, { a: [1] }, [1, 'two'], Buffer.from([0, 1, 255])];
    await context.send(
      queue,
      all.map((body) => ({ body })),
    );
    assert.deepEqual(bodies(await receive(context.receiver(queue), all.length)), all);
  },

  async 'the broker says where a message stands'(context) {
    const queue = await context.queue();
    const before = context.in(0).getTime();
    await context.send(queue, [{ body: 1 }, { body: 2 }]);
    const [first, second] = await receive(context.receiver(queue), 2);
    assert.equal(first.deliveryCount, 0);
    assert.equal(first.state, 'active');
    assert.ok(second.sequenceNumber.greaterThan(first.sequenceNumber));
    assert.ok(first.enqueuedSequenceNumber >= 0);
    assert.ok(Math.abs(first.enqueuedTimeUtc.getTime() - before) < 60_000);
    assert.ok(first.lockedUntilUtc > first.enqueuedTimeUtc);
    assert.match(first.lockToken, /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  },

  async 'a message without an id gets one and can be settled'(context) {
    const queue = await context.queue();
    await context.send(queue, { body: 1 });
    const receiver = context.receiver(queue);
    const message = await receiveOne(receiver);
    assert.ok(message.messageId);
    await receiver.completeMessage(message);
    assert.ok(await isEmpty(receiver));
  },

  async 'a batch keeps order, ids and properties of each'(context) {
    const queue = await context.queue();
    const sender = context.client.createSender(queue);
    const batch = await sender.createMessageBatch();
    const sent = Array.from({ length: 20 }, (_, index) => ({
      body: index,
      messageId: `m-${index}`,
      applicationProperties: { index },
    }));
    for (const message of sent) assert.ok(batch.tryAddMessage(message));
    await sender.sendMessages(batch);
    const got = await receive(context.receiver(queue), 20);
    assert.deepEqual(
      got.map(({ body, messageId, applicationProperties }) => ({ body, messageId, applicationProperties })),
      sent,
    );
  },

  async 'a batch is taken in whole or not at all'(context) {
    const queue = await context.queue({ requiresSession: true });
    const sender = context.client.createSender(queue);
    const batch = await sender.createMessageBatch();
    batch.tryAddMessage({ body: 1, sessionId: 's' });
    batch.tryAddMessage({ body: 2 });
    await codeOf(sender.sendMessages(batch));
    const { totalMessageCount } = await context.admin.getQueueRuntimeProperties(queue);
    assert.equal(totalMessageCount, 0);
  },

  async 'a message that is too large is refused'(context) {
    const queue = await context.queue();
    const { maxMessageSizeInKilobytes = 256 } = await context.admin.getQueue(queue);
    const body = Buffer.alloc(maxMessageSizeInKilobytes * 1024 + 1000);
    assert.equal(await codeOf(context.send(queue, { body })), 'MessageSizeExceeded');
  },

  async 'messages of nearly the largest size pass'(context) {
    const queue = await context.queue();
    const body = Buffer.alloc(250 * 1024, 7);
    await context.send(queue, { body });
    assert.deepEqual((await receiveOne(context.receiver(queue))).body, body);
  },
};
