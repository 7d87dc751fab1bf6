import assert from 'node:assert/strict';
import { bodies, codeOf, errorOf, isEmpty, lockDurationInMs, receive, receiveOne } from './harness.mjs';

const sessionQueue = (context, options = {}) => context.queue({ requiresSession: true, ...options });

const inSession = (sessionId, ...all) => all.map((body) => ({ body, sessionId }));

const shortly = (context) => context.newClient({ timeoutInMs: 1000 });

export const sessionChecks = {
  async 'a session is accepted by its id, even when it is empty'(context) {
    const queue = await sessionQueue(context);
    const receiver = await context.session(queue, 'empty');
    assert.equal(receiver.sessionId, 'empty');
    assert.ok(receiver.sessionLockedUntilUtc instanceof Date);
    assert.ok(Math.abs(receiver.sessionLockedUntilUtc.getTime() - context.in(0).getTime()) < 60_000);
  },

  async 'a session gives its own messages, in order'(context) {
    const queue = await sessionQueue(context);
    await context.send(
      queue,
      [...inSession('a', 1, 2), ...inSession('b', 10), ...inSession('a', 3)].slice(0, 2),
    );
    await context.send(queue, inSession('b', 10));
    await context.send(queue, inSession('a', 3));
    const receiver = await context.session(queue, 'a');
    const got = await receive(receiver, 3);
    assert.deepEqual(bodies(got), [1, 2, 3]);
    assert.ok(got.every(({ sessionId }) => sessionId === 'a'));
    for (const message of got) await receiver.completeMessage(message);
    assert.ok(await isEmpty(receiver));
  },

  async 'a session that is taken is refused'(context) {
    const queue = await sessionQueue(context);
    await context.session(queue, 'a');
    assert.equal(await codeOf(context.session(queue, 'a')), 'SessionCannotBeLocked');
  },

  async 'the next session is one that is free and has messages'(context) {
    const queue = await sessionQueue(context);
    await context.send(queue, inSession('a', 1));
    await context.send(queue, inSession('b', 2));
    const first = await context.nextSession(queue);
    const second = await context.nextSession(queue);
    assert.deepEqual([first.sessionId, second.sessionId].sort(), ['a', 'b']);
  },

  async 'who waits for the next session gets one as soon as there is one'(context) {
    const queue = await sessionQueue(context);
    const waiting = context.nextSession(queue);
    await context.send(queue, inSession('late', 1));
    const receiver = await waiting;
    assert.equal(receiver.sessionId, 'late');
    assert.equal((await receiveOne(receiver)).body, 1);
  },

  async 'when no session comes in time that is told'(context) {
    const queue = await sessionQueue(context);
    const client = shortly(context);
    const code = await codeOf(context.nextSession(queue, client));
    assert.ok(['ServiceTimeout', 'SessionCannotBeLocked'].includes(code), code);
    await context.send(queue, inSession('a', 1));
    assert.equal((await context.nextSession(queue, client)).sessionId, 'a');
  },

  async 'a closed session is free, and what was not settled comes again in order, not counted'(context) {
    const queue = await sessionQueue(context);
    await context.send(queue, inSession('a', 1, 2, 3, 4));
    const receiver = await context.session(queue, 'a');
    const [first, , third] = await receive(receiver, 3);
    await receiver.completeMessage(first);
    await receiver.deferMessage(third);
    await receiver.close();
    const next = await context.session(queue, 'a');
    const rest = await receive(next, 2);
    assert.deepEqual(bodies(rest), [2, 4]);
    assert.equal(rest[0].deliveryCount, 0);
  },

  async 'a session that expires goes to the next, and its old holder has lost it'(context) {
    const queue = await sessionQueue(context);
    await context.send(queue, inSession('a', 1, 2));
    const old = await context.session(queue, 'a');
    const [held] = await receive(old, 2);
    await context.pass(lockDurationInMs + 500);
    const next = await context.session(queue, 'a');
    const again = await receive(next, 2);
    assert.deepEqual(bodies(again), [1, 2]);
    assert.equal(again[0].deliveryCount, 1);
    assert.equal(await codeOf(old.completeMessage(held)), 'SessionLockLost');
    await next.completeMessage(again[0]);
  },

  async 'a renewed session stays with its holder, messages included'(context) {
    const queue = await sessionQueue(context);
    await context.send(queue, inSession('a', 1));
    const receiver = await context.session(queue, 'a');
    const message = await receiveOne(receiver);
    const before = receiver.sessionLockedUntilUtc;
    await context.pass(lockDurationInMs * 0.6);
    assert.ok((await receiver.renewSessionLock()) > before);
    await context.pass(lockDurationInMs * 0.6);
    await receiver.completeMessage(message);
  },

  async 'a session keeps state, also when nobody has it'(context) {
    const queue = await sessionQueue(context);
    const first = await context.session(queue, 'a');
    assert.equal(await first.getSessionState(), null);
    await first.setSessionState({ step: 2 });
    await first.close();
    const second = await context.session(queue, 'a');
    assert.deepEqual(await second.getSessionState(), { step: 2 });
    await second.setSessionState(null);
    assert.equal(await second.getSessionState(), null);
  },

  async 'a look into a session shows its messages alone'(context) {
    const queue = await sessionQueue(context);
    await context.send(queue, inSession('a', 1));
    await context.send(queue, inSession('b', 2));
    const receiver = await context.session(queue, 'b');
    assert.deepEqual(bodies(await receiver.peekMessages(10)), [2]);
  },

  async 'messages of a session are deferred and received by number'(context) {
    const queue = await sessionQueue(context);
    await context.send(queue, inSession('a', 1));
    const receiver = await context.session(queue, 'a');
    const message = await receiveOne(receiver);
    await receiver.deferMessage(message);
    const [deferred] = await receiver.receiveDeferredMessages([message.sequenceNumber]);
    await receiver.completeMessage(deferred);
    assert.deepEqual(await receiver.peekMessages(10), []);
  },

  async 'dead letters of sessions are received without one'(context) {
    const queue = await sessionQueue(context);
    await context.send(queue, inSession('a', 1));
    const receiver = await context.session(queue, 'a');
    await receiver.deadLetterMessage(await receiveOne(receiver), { deadLetterReason: 'r' });
    const dead = await receiveOne(context.receiver(queue, { subQueueType: 'deadLetter' }));
    assert.equal(dead.sessionId, 'a');
  },

  async 'abandoning gives a message of a session back to its holder'(context) {
    const queue = await sessionQueue(context);
    await context.send(queue, inSession('a', 1));
    const receiver = await context.session(queue, 'a');
    await receiver.abandonMessage(await receiveOne(receiver));
    assert.equal((await receiveOne(receiver)).deliveryCount, 1);
  },

  async 'receive-and-delete works in a session'(context) {
    const queue = await sessionQueue(context);
    await context.send(queue, inSession('a', 1, 2));
    const receiver = await context.session(queue, 'a', { receiveMode: 'receiveAndDelete' });
    assert.deepEqual(bodies(await receiver.receiveMessages(2, { maxWaitTimeInMs: 2000 })), [1, 2]);
    assert.deepEqual(await receiver.peekMessages(1), []);
  },

  async 'an entity with sessions takes no message without one, and no plain receiver'(context) {
    const queue = await sessionQueue(context);
    const unsent = await errorOf(context.send(queue, { body: 1 }));
    assert.equal(unsent.retryable, false);
    const refused = await errorOf(context.receiver(queue).receiveMessages(1));
    assert.equal(refused.retryable, false);
  },

  async 'an entity without sessions gives none'(context) {
    const queue = await context.queue();
    const error = await errorOf(context.nextSession(queue));
    assert.equal(error.retryable, false);
  },

  async 'a subscription has sessions too'(context) {
    const topic = await context.topic();
    const subscription = await context.subscription(topic, undefined, { requiresSession: true });
    await context.send(topic, inSession('a', 1, 2));
    const receiver = await context.client.acceptNextSession(topic, subscription);
    assert.deepEqual(bodies(await receive(receiver, 2)), [1, 2]);
  },

  async 'thirty-two sessions are held open at once'(context) {
    const queue = await sessionQueue(context, { lockDuration: 'PT1M' });
    const ids = Array.from({ length: 32 }, (_, index) => `p-${index}`);
    await Promise.all(ids.map((id) => context.send(queue, inSession(id, id, `${id}-2`))));
    const receivers = await Promise.all(ids.map(() => context.nextSession(queue)));
    assert.deepEqual(receivers.map(({ sessionId }) => sessionId).sort(), [...ids].sort());
    await Promise.all(
      receivers.map(async (receiver) => {
        const got = await receive(receiver, 2);
        assert.deepEqual(bodies(got), [receiver.sessionId, `${receiver.sessionId}-2`]);
        await Promise.all(got.map((message) => receiver.completeMessage(message)));
      }),
    );
  },
};
