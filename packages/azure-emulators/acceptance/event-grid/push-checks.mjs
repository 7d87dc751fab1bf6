import assert from 'node:assert/strict';
import { cloudEvent, statusOf } from './harness.mjs';

export const pushChecks = {
  async 'a CloudEvent comes alone, with its attributes and extensions'(context) {
    const hook = await context.hook();
    assert.equal(await context.subscribeHook(hook), 201);
    const event = cloudEvent({ subject: 'order-1', extensionAttributes: { partition: 7, position: '0a' } });
    await context.publisher().send([event]);
    const [{ headers, body }] = await hook.got(1);
    assert.match(headers['content-type'], /^application\/cloudevents\+json/);
    assert.equal(headers['aeg-event-type'], 'Notification');
    assert.equal(headers['aeg-delivery-count'], '0');
    assert.deepEqual(body.data, { n: 1 });
    assert.deepEqual(
      [body.specversion, body.id, body.type, body.subject, body.partition, body.position],
      ['1.0', event.id, 'check.Happened', 'order-1', 7, '0a'],
    );
  },

  async 'an event of its own schema comes in a list of one'(context) {
    const hook = await context.hook();
    assert.equal(await context.subscribeHook(hook, { eventDeliverySchema: 'EventGridSchema' }), 201);
    await context
      .publisher('EventGrid')
      .send([{ eventType: 'check.Happened', subject: 's', dataVersion: '1', data: { n: 1 } }]);
    const [{ body }] = await hook.got(1);
    assert.equal(body.length, 1);
    assert.equal(body[0].eventType, 'check.Happened');
  },

  async 'a hook that does not agree is not subscribed, whichever the handshake'(context) {
    const hook = await context.hook({ agrees: false });
    assert.equal(await context.subscribeHook(hook), 400);
    assert.equal(await context.subscribeHook(hook, { eventDeliverySchema: 'EventGridSchema' }), 400);
  },

  async 'what fails is delivered again after ten seconds, then thirty'(context) {
    const hook = await context.hook();
    await context.subscribeHook(hook);
    hook.statuses.push(500, 503);
    await context.publisher().send([cloudEvent()]);
    await hook.got(1);
    await context.pass(10_000);
    await hook.got(2);
    await context.pass(29_000);
    assert.equal(hook.requests.length, 2);
    await context.pass(1_000);
    const requests = await hook.got(3);
    assert.deepEqual(
      requests.map(({ headers }) => headers['aeg-delivery-count']),
      ['0', '1', '2'],
    );
  },

  async 'a request that is refused as wrong is not delivered again'(context) {
    const hook = await context.hook();
    await context.subscribeHook(hook);
    hook.statuses.push(400);
    await context.publisher().send([cloudEvent()]);
    await hook.got(1);
    await context.pass(40_000);
    await context.publisher().send([cloudEvent({ id: 'next' })]);
    assert.equal((await hook.got(2))[1].body.id, 'next');
  },

  async 'no more than the attempts that the subscription allows'(context) {
    const hook = await context.hook();
    await context.subscribeHook(hook, { retryPolicy: { maxDeliveryAttempts: 2 } });
    hook.statuses.push(500, 500);
    await context.publisher().send([cloudEvent()]);
    await hook.got(1);
    await context.pass(10_000);
    await hook.got(2);
    await context.pass(40_000);
    await context.publisher().send([cloudEvent({ id: 'next' })]);
    assert.equal((await hook.got(3))[2].body.id, 'next');
  },
};

export const publishChecks = {
  async 'a wrong key is refused'(context) {
    assert.equal(await statusOf(context.publisher('CloudEvent', 'bm8=').send([cloudEvent()])), 401);
  },

  async 'more than a megabyte is refused'(context) {
    const events = [cloudEvent({ data: { text: 'x'.repeat(1_100_000) } })];
    assert.equal(await statusOf(context.publisher().send(events)), 413);
  },

  async 'an event without what its schema needs is refused, and none of the request is taken'(context) {
    const hook = await context.hook();
    await context.subscribeHook(hook);
    assert.equal(await statusOf(context.publisher().send([cloudEvent(), cloudEvent({ type: '' })])), 400);
    await context.publisher().send([cloudEvent({ id: 'good' })]);
    assert.equal((await hook.got(1))[0].body.id, 'good');
  },
};
