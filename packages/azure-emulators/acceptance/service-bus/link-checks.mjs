import assert from 'node:assert/strict';
import { bodies, codeOf, errorOf, isEmpty, receive, receiveOne } from './harness.mjs';

const otherKey = (connectionString) =>
  connectionString.replace(/SharedAccessKey=[^;]*/, 'SharedAccessKey=bm90IHRoZSBrZXk=');
const otherKeyName = (connectionString) =>
  connectionString.replace(/SharedAccessKeyName=[^;]*/, 'SharedAccessKeyName=nobody');

export const linkChecks = {
  async 'what is sent is received'(context) {
    const queue = await context.queue();
    await context.send(queue, { body: 'hello' });
    const receiver = context.receiver(queue);
    assert.equal((await receiveOne(receiver)).body, 'hello');
  },

  async 'a wrong key is refused, for sending and receiving'(context) {
    const queue = await context.queue();
    for (const connectionString of [
      otherKey(context.connectionString),
      otherKeyName(context.connectionString),
    ]) {
      const client = context.newClient({ connectionString });
      assert.equal(await codeOf(context.send(queue, { body: 1 }, client)), 'UnauthorizedAccess');
      const receiver = client.createReceiver(queue);
      assert.equal(await codeOf(receiver.receiveMessages(1)), 'UnauthorizedAccess');
    }
  },

  async 'an entity that is not there is told'(context) {
    assert.equal(await codeOf(context.send('nothing-here', { body: 1 })), 'MessagingEntityNotFound');
    const receiver = context.client.createReceiver('nothing-here');
    assert.equal(await codeOf(receiver.receiveMessages(1)), 'MessagingEntityNotFound');
    const topic = await context.topic();
    const subscription = context.client.createReceiver(topic, 'nobody');
    assert.equal(await codeOf(subscription.receiveMessages(1)), 'MessagingEntityNotFound');
  },

  async 'an entity that is not there is told to those who ask for a session'(context) {
    const topic = await context.topic();
    for (const asked of [
      () => context.client.acceptSession('nothing-here', '1'),
      () => context.client.acceptSession(topic, 'nobody', '1'),
      () => context.client.acceptNextSession(topic, 'nobody'),
    ]) {
      const error = await errorOf(asked());
      assert.equal(error.code, 'MessagingEntityNotFound');
      assert.match(error.message, /nothing-here|nobody/);
    }
  },

  async 'the case of an address does not matter'(context) {
    const queue = await context.queue();
    await context.send(queue.toUpperCase(), { body: 1 });
    assert.equal((await receiveOne(context.receiver(queue))).body, 1);
  },

  async 'a sender knows how large a batch may be'(context) {
    const queue = await context.queue();
    const batch = await context.client.createSender(queue).createMessageBatch();
    assert.ok(batch.maxSizeInBytes >= 256 * 1024);
  },

  async 'no more is locked than was asked for'(context) {
    const queue = await context.queue();
    await context.send(
      queue,
      Array.from({ length: 50 }, (_, index) => ({ body: index })),
    );
    const [first] = await context.receiver(queue).receiveMessages(1);
    const rest = await receive(context.receiver(queue), 49);
    assert.deepEqual(
      bodies([first, ...rest]),
      Array.from({ length: 50 }, (_, index) => index),
    );
  },

  async 'a receiver that got less than it asked for can go on'(context) {
    const queue = await context.queue();
    const receiver = context.receiver(queue);
    for (const body of [1, 2, 3]) {
      await context.send(queue, { body });
      const got = await receiver.receiveMessages(10, { maxWaitTimeInMs: 2000 });
      assert.deepEqual(bodies(got), [body]);
      await receiver.completeMessage(got[0]);
    }
    assert.ok(await isEmpty(receiver));
  },

  async 'receive-and-delete leaves nothing'(context) {
    const queue = await context.queue();
    await context.send(queue, [{ body: 1 }, { body: 2 }]);
    const receiver = context.receiver(queue, { receiveMode: 'receiveAndDelete' });
    assert.deepEqual(bodies(await receiver.receiveMessages(2, { maxWaitTimeInMs: 2000 })), [1, 2]);
    assert.deepEqual(await receiver.peekMessages(10), []);
  },

  async 'a subscriber gets each message once and completes it'(context) {
    const queue = await context.queue();
    const receiver = context.receiver(queue);
    const seen = [];
    const errors = [];
    const all = new Promise((resolve) => {
      receiver.subscribe(
        {
          processMessage: async ({ body }) => void (seen.push(body) === 100 && resolve()),
          processError: async ({ error }) => void errors.push(error),
        },
        { maxConcurrentCalls: 5 },
      );
    });
    await context.send(
      queue,
      Array.from({ length: 100 }, (_, index) => ({ body: index })),
    );
    await all;
    await receiver.close();
    assert.deepEqual(errors, []);
    assert.deepEqual(new Set(seen).size, 100);
    assert.deepEqual(await context.receiver(queue).peekMessages(10), []);
  },

  async 'many more than a window of messages go over one link'(context) {
    const queue = await context.queue({ lockDuration: 'PT1M' });
    const count = 5000;
    for (let start = 0; start < count; start += 500) {
      await context.send(
        queue,
        Array.from({ length: 500 }, (_, index) => ({ body: start + index })),
      );
    }
    const receiver = context.receiver(queue);
    const seen = [];
    while (seen.length < count) {
      const got = await receiver.receiveMessages(500, { maxWaitTimeInMs: 5000 });
      assert.ok(got.length > 0, `only ${seen.length} came`);
      seen.push(...bodies(got));
      await Promise.all(got.map((message) => receiver.completeMessage(message)));
    }
    assert.deepEqual(
      seen,
      Array.from({ length: count }, (_, index) => index),
    );
  },

  async 'an entity that is deleted ends its links'(context) {
    const queue = await context.queue();
    const sender = context.client.createSender(queue);
    await sender.sendMessages({ body: 1 });
    await context.admin.deleteQueue(queue);
    assert.equal(await codeOf(sender.sendMessages({ body: 2 })), 'MessagingEntityNotFound');
  },

  async 'an entity that is disabled refuses'(context) {
    const queue = await context.queue({ status: 'Disabled' });
    assert.equal(await codeOf(context.send(queue, { body: 1 })), 'MessagingEntityDisabled');
  },
};
