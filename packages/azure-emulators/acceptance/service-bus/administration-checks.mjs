import assert from 'node:assert/strict';
import { codeOf, receiveOne } from './harness.mjs';

async function all(iterator) {
  const items = [];
  for await (const item of iterator) items.push(item);
  return items;
}

export const administrationChecks = {
  async 'the namespace tells of itself'(context) {
    const { name, messagingSku } = await context.admin.getNamespaceProperties();
    assert.ok(name);
    assert.ok(['Basic', 'Standard', 'Premium'].includes(messagingSku));
  },

  async 'a queue has the settings that it was made with'(context) {
    const wanted = {
      lockDuration: 'PT30S',
      maxDeliveryCount: 2000,
      requiresSession: true,
      requiresDuplicateDetection: true,
      duplicateDetectionHistoryTimeWindow: 'PT1M',
      defaultMessageTimeToLive: 'P1DT2H',
      deadLetteringOnMessageExpiration: true,
      autoDeleteOnIdle: 'PT10M',
      userMetadata: 'for a check, <&>',
    };
    const queue = await context.queue(wanted);
    const got = await context.admin.getQueue(queue);
    assert.equal(got.name, queue);
    for (const [name, value] of Object.entries(wanted)) assert.equal(got[name], value, name);
    assert.equal(got.status, 'Active');
  },

  async 'a queue without settings has the standard ones'(context) {
    const queue = await context.queue({ lockDuration: undefined });
    const { lockDuration, maxDeliveryCount, requiresSession } = await context.admin.getQueue(queue);
    assert.deepEqual(
      { lockDuration, maxDeliveryCount, requiresSession },
      { lockDuration: 'PT1M', maxDeliveryCount: 10, requiresSession: false },
    );
  },

  async 'entities exist or do not'(context) {
    const queue = await context.queue();
    const topic = await context.topic();
    const subscription = await context.subscription(topic);
    const { admin } = context;
    assert.deepEqual(
      await Promise.all([
        admin.queueExists(queue),
        admin.queueExists('nothing-here'),
        admin.topicExists(topic),
        admin.topicExists('nothing-here'),
        admin.subscriptionExists(topic, subscription),
        admin.subscriptionExists(topic, 'nobody'),
        admin.subscriptionExists('nothing-here', 'nobody'),
        admin.ruleExists(topic, subscription, '$Default'),
        admin.ruleExists(topic, subscription, 'none'),
      ]),
      [true, false, true, false, true, false, false, true, false],
    );
  },

  async 'what is missing is told'(context) {
    const { admin } = context;
    const topic = await context.topic();
    for (const work of [
      admin.getQueue('nothing-here'),
      admin.deleteQueue('nothing-here'),
      admin.getTopic('nothing-here'),
      admin.getSubscription(topic, 'nobody'),
      admin.createSubscription('nothing-here', 'nobody'),
      admin.getRule(topic, 'nobody', 'none'),
    ]) {
      assert.equal(await codeOf(work), 'MessageEntityNotFoundError');
    }
  },

  async 'what is there already is told'(context) {
    const queue = await context.queue();
    const topic = await context.topic();
    const subscription = await context.subscription(topic);
    for (const work of [
      context.admin.createQueue(queue),
      context.admin.createTopic(queue),
      context.admin.createSubscription(topic, subscription),
      context.admin.createRule(topic, subscription, '$Default', { sqlExpression: '1=1' }),
    ]) {
      assert.equal(await codeOf(work), 'MessageEntityAlreadyExistsError');
    }
  },

  async 'settings change while messages wait'(context) {
    const queue = await context.queue();
    await context.send(queue, { body: 1 });
    const properties = await context.admin.getQueue(queue);
    const updated = await context.admin.updateQueue({
      ...properties,
      maxDeliveryCount: 1,
      lockDuration: 'PT2M',
    });
    assert.equal(updated.lockDuration, 'PT2M');
    const receiver = context.receiver(queue);
    await receiver.abandonMessage(await receiveOne(receiver));
    assert.ok(await receiveOne(context.receiver(queue, { subQueueType: 'deadLetter' })));
  },

  async 'what an entity is for life cannot be changed'(context) {
    const queue = await context.queue();
    const properties = await context.admin.getQueue(queue);
    await codeOf(context.admin.updateQueue({ ...properties, requiresSession: true }));
    assert.equal((await context.admin.getQueue(queue)).requiresSession, false);
  },

  async 'topics and subscriptions change too'(context) {
    const topic = await context.topic({ defaultMessageTimeToLive: 'P1D' });
    const subscription = await context.subscription(topic, undefined, { maxDeliveryCount: 3 });
    const changed = await context.admin.getTopic(topic);
    assert.equal(changed.defaultMessageTimeToLive, 'P1D');
    await context.admin.updateTopic({ ...changed, defaultMessageTimeToLive: 'P2D' });
    assert.equal((await context.admin.getTopic(topic)).defaultMessageTimeToLive, 'P2D');
    const before = await context.admin.getSubscription(topic, subscription);
    assert.equal(before.maxDeliveryCount, 3);
    await context.admin.updateSubscription({ ...before, maxDeliveryCount: 4 });
    assert.equal((await context.admin.getSubscription(topic, subscription)).maxDeliveryCount, 4);
  },

  async 'rules are made, changed, listed and deleted'(context) {
    const topic = await context.topic();
    const subscription = await context.subscription(topic);
    const { admin } = context;
    const applicationProperties = { text: 'a', whole: 1, fraction: 1.5, yes: true };
    await admin.createRule(topic, subscription, 'c', { subject: 's', applicationProperties });
    await admin.createRule(
      topic,
      subscription,
      'q',
      { sqlExpression: 'a < 1' },
      { sqlExpression: 'SET b = 1' },
    );
    const correlation = await admin.getRule(topic, subscription, 'c');
    assert.deepEqual(correlation.filter.applicationProperties, applicationProperties);
    const sql = await admin.getRule(topic, subscription, 'q');
    assert.deepEqual([sql.filter.sqlExpression, sql.action.sqlExpression], ['a < 1', 'SET b = 1']);
    await admin.updateRule(topic, subscription, { ...sql, filter: { sqlExpression: 'a > 2' } });
    assert.equal((await admin.getRule(topic, subscription, 'q')).filter.sqlExpression, 'a > 2');
    await admin.deleteRule(topic, subscription, '$Default');
    const names = (await all(admin.listRules(topic, subscription))).map(({ name }) => name);
    assert.deepEqual(names.sort(), ['c', 'q']);
    await codeOf(admin.createRule(topic, subscription, 'bad', { sqlExpression: 'SELECT 1' }));
  },

  async 'lists come page by page'(context) {
    const topic = await context.topic();
    const names = [];
    for (let index = 0; index < 5; index++) names.push(await context.subscription(topic));
    const pages = [];
    for await (const page of context.admin.listSubscriptions(topic).byPage({ maxPageSize: 2 })) {
      pages.push(page.map(({ subscriptionName }) => subscriptionName));
    }
    assert.deepEqual(pages.flat().sort(), names.sort());
    assert.equal(pages[0].length, 2);
    const queue = await context.queue();
    assert.ok((await all(context.admin.listQueues())).some(({ name }) => name === queue));
    assert.ok((await all(context.admin.listTopics())).some(({ name }) => name === topic));
  },

  async 'messages are counted by where they are'(context) {
    const queue = await context.queue();
    const sender = context.client.createSender(queue);
    await sender.sendMessages([{ body: 1 }, { body: 2 }, { body: 3 }]);
    await sender.scheduleMessages({ body: 4 }, context.in(600_000));
    const receiver = context.receiver(queue);
    await receiver.deadLetterMessage(await receiveOne(receiver));
    const counts = await context.admin.getQueueRuntimeProperties(queue);
    assert.equal(counts.activeMessageCount, 2);
    assert.equal(counts.deadLetterMessageCount, 1);
    assert.equal(counts.scheduledMessageCount, 1);
    assert.equal(counts.totalMessageCount, 4);
    assert.ok(counts.sizeInBytes > 0);
    const topic = await context.topic();
    const subscription = await context.subscription(topic);
    await context.send(topic, { body: 1 });
    const runtime = await context.admin.getSubscriptionRuntimeProperties(topic, subscription);
    assert.equal(runtime.activeMessageCount, 1);
    assert.equal((await context.admin.getTopicRuntimeProperties(topic)).subscriptionCount, 1);
  },

  async 'settings beyond the limits are refused'(context) {
    for (const options of [
      { lockDuration: 'PT10M' },
      { maxDeliveryCount: 0 },
      { autoDeleteOnIdle: 'PT1M' },
      { lockDuration: 'one minute' },
    ]) {
      await codeOf(context.queue(options));
    }
  },
};
