import assert from 'node:assert/strict';
import { bodies, codeOf, isEmpty, receive, receiveOne } from './harness.mjs';

/** What a subscription with this rule gets of the messages. */
async function filtered(context, rule, messages) {
  const topic = await context.topic();
  const subscription = await context.subscription(topic, rule);
  for (const message of messages) await context.send(topic, message);
  return receive(context.subscriptionReceiver(topic, subscription), messages.length, 500);
}

const colors = ['red', 'green', 'blue'].map((color, index) => ({
  body: color,
  subject: `paint.${color}`,
  correlationId: `c-${index}`,
  applicationProperties: { color, index },
}));

async function withRules(context) {
  const topic = await context.topic();
  const subscription = await context.subscription(topic);
  const rules = context.client.createRuleManager(topic, subscription);
  const list = async () => {
    const all = [];
    for await (const rule of rules.listRules()) all.push(rule);
    return all;
  };
  return { topic, subscription, rules, list };
}

export const ruleChecks = {
  async 'each subscription gets its own copy'(context) {
    const topic = await context.topic();
    const names = await Promise.all([context.subscription(topic), context.subscription(topic)]);
    await context.send(topic, { body: 1, messageId: 'one' });
    for (const name of names) {
      const receiver = context.subscriptionReceiver(topic, name);
      const message = await receiveOne(receiver);
      assert.equal(message.messageId, 'one');
      await receiver.completeMessage(message);
      assert.ok(await isEmpty(receiver));
    }
  },

  async 'a SQL filter over own properties'(context) {
    const got = await filtered(context, { filter: { sqlExpression: "color = 'red' OR index >= 2" } }, colors);
    assert.deepEqual(bodies(got), ['red', 'blue']);
  },

  async 'a SQL filter over system properties'(context) {
    const sqlExpression = "sys.Label LIKE 'paint.%n' AND sys.CorrelationId IN ('c-1', 'c-2')";
    assert.deepEqual(bodies(await filtered(context, { filter: { sqlExpression } }, colors)), ['green']);
  },

  async 'a SQL filter with parameters'(context) {
    const filter = { sqlExpression: 'color = @wanted', sqlParameters: { '@wanted': 'green' } };
    assert.deepEqual(bodies(await filtered(context, { filter }, colors)), ['green']);
  },

  async 'what is unknown does not match'(context) {
    const filter = { sqlExpression: 'NOT (missing = 1)' };
    assert.deepEqual(await filtered(context, { filter }, colors), []);
  },

  async 'a correlation filter'(context) {
    const filter = { subject: 'paint.green', applicationProperties: { color: 'green' } };
    assert.deepEqual(bodies(await filtered(context, { filter }, colors)), ['green']);
  },

  async 'an action changes the copy'(context) {
    const rule = {
      filter: { sqlExpression: "color = 'red'" },
      action: { sqlExpression: "SET sys.Label = 'changed'; SET twice = index + 1; REMOVE color" },
    };
    const [message] = await filtered(context, rule, colors);
    assert.equal(message.subject, 'changed');
    assert.deepEqual(message.applicationProperties, { index: 0, twice: 1 });
  },

  async 'rules are added, listed and removed'(context) {
    const { topic, subscription, rules, list } = await withRules(context);
    assert.deepEqual(
      (await list()).map(({ name, filter }) => ({ name, filter })),
      [{ name: '$Default', filter: { sqlExpression: '1=1' } }],
    );
    await rules.createRule('sql', { sqlExpression: "color = 'red'" }, { sqlExpression: 'SET seen = 1' });
    await rules.createRule('correlation', { subject: 'x', applicationProperties: { a: 1 } });
    await rules.deleteRule('$Default');
    const [sql, correlation] = await list();
    assert.equal(sql.filter.sqlExpression, "color = 'red'");
    assert.equal(sql.action.sqlExpression, 'SET seen = 1');
    assert.equal(correlation.filter.subject, 'x');
    assert.deepEqual(correlation.filter.applicationProperties, { a: 1 });
    for (const message of colors) await context.send(topic, message);
    const got = await receive(context.subscriptionReceiver(topic, subscription), 3, 500);
    assert.deepEqual(bodies(got), ['red']);
    assert.equal(got[0].applicationProperties.seen, 1);
  },

  async 'a subscription without rules gets nothing'(context) {
    const { topic, subscription, rules } = await withRules(context);
    await rules.deleteRule('$Default');
    await context.send(topic, { body: 1 });
    assert.ok(await isEmpty(context.subscriptionReceiver(topic, subscription)));
  },

  async 'rules of one name are told, and those that are not there'(context) {
    const { rules } = await withRules(context);
    await rules.createRule('one', { sqlExpression: '1=1' });
    assert.equal(
      await codeOf(rules.createRule('one', { sqlExpression: '1=1' })),
      'MessagingEntityAlreadyExists',
    );
    assert.equal(await codeOf(rules.deleteRule('none')), 'MessagingEntityNotFound');
  },

  async 'an expression that the language does not have is refused'(context) {
    const { rules } = await withRules(context);
    for (const sqlExpression of ['SELECT 1', "color = 'red", 'color ==', 'LOWER(color) = 1']) {
      await codeOf(rules.createRule('bad', { sqlExpression }));
    }
  },

  async 'a filter that cannot be worked out makes a dead letter'(context) {
    const topic = await context.topic();
    const subscription = await context.subscription(topic, { filter: { sqlExpression: 'color * 2 = 4' } });
    await context.send(topic, colors[0]);
    const deadLetters = context.subscriptionReceiver(topic, subscription, { subQueueType: 'deadLetter' });
    assert.equal((await receiveOne(deadLetters)).body, 'red');
  },
};
