// What every check has at hand: clients, entities of its own, and time that passes.
import { randomUUID } from 'node:crypto';
import { ServiceBusAdministrationClient, ServiceBusClient } from '@azure/service-bus';

/**
 * @typedef {object} Target
 * @property {string} connectionString
 * @property {() => number} now the service's time
 * @property {(milliseconds: number) => Promise<void>} pass lets time pass for the service
 */

/** The shortest lock that the service has. */
const lockDuration = 'PT5S';
export const lockDurationInMs = 5000;

export class Context {
  #target;
  #cleanups = [];

  /** @param {Target} target */
  constructor(target) {
    this.#target = target;
    this.connectionString = target.connectionString;
    this.admin = administration(target.connectionString);
    this.client = this.newClient();
  }

  /** Another connection. Nothing is retried, so that each error is seen. */
  newClient({ connectionString = this.connectionString, timeoutInMs = 10_000 } = {}) {
    const client = new ServiceBusClient(connectionString, { retryOptions: { maxRetries: 0, timeoutInMs } });
    this.#cleanups.push(() => client.close());
    return client;
  }

  /** A time to come, by the service's clock. */
  in(milliseconds) {
    return new Date(this.#target.now() + milliseconds);
  }

  /** @param {number} milliseconds */
  pass(milliseconds) {
    return this.#target.pass(milliseconds);
  }

  async queue(options = {}) {
    const name = `check-${randomUUID()}`;
    await this.admin.createQueue(name, { lockDuration, ...options });
    this.#cleanups.push(() => this.admin.deleteQueue(name));
    return name;
  }

  async topic(options = {}) {
    const name = `check-${randomUUID()}`;
    await this.admin.createTopic(name, options);
    this.#cleanups.push(() => this.admin.deleteTopic(name));
    return name;
  }

  /** A subscription; `rule` is its only one. */
  async subscription(topic, rule, options = {}) {
    const name = `sub-${randomUUID().slice(0, 8)}`;
    const defaultRuleOptions = rule && { name: 'rule', ...rule };
    await this.admin.createSubscription(topic, name, { lockDuration, defaultRuleOptions, ...options });
    return name;
  }

  /** Sends and closes the sender. */
  async send(entity, messages, client = this.client) {
    const sender = client.createSender(entity);
    await sender.sendMessages(messages);
    await sender.close();
  }

  /** A receiver whose locks end when they should: the SDK renews none. */
  receiver(queue, options = {}, client = this.client) {
    return client.createReceiver(queue, { maxAutoLockRenewalDurationInMs: 0, ...options });
  }

  subscriptionReceiver(topic, subscription, options = {}) {
    return this.client.createReceiver(topic, subscription, { maxAutoLockRenewalDurationInMs: 0, ...options });
  }

  session(queue, id, options = {}, client = this.client) {
    return client.acceptSession(queue, id, { maxAutoLockRenewalDurationInMs: 0, ...options });
  }

  nextSession(queue, client = this.client) {
    return client.acceptNextSession(queue, { maxAutoLockRenewalDurationInMs: 0 });
  }

  async close() {
    for (const cleanup of this.#cleanups.reverse()) await cleanup().catch(() => {});
  }
}

/** All that can be received now, in order: at most `count`. */
export async function receive(receiver, count = 1, maxWaitTimeInMs = 2000) {
  const messages = [];
  while (messages.length < count) {
    const got = await receiver.receiveMessages(count - messages.length, { maxWaitTimeInMs });
    if (got.length === 0) break;
    messages.push(...got);
  }
  return messages;
}

/** The only message there must be. */
export async function receiveOne(receiver) {
  const [message] = await receive(receiver);
  if (message === undefined) throw new Error('There is no message to receive.');
  return message;
}

/** True when nothing comes. */
export const isEmpty = async (receiver) =>
  (await receiver.receiveMessages(1, { maxWaitTimeInMs: 100 })).length === 0;

export const bodies = (messages) => messages.map(({ body }) => body);

/** The code of the error that the work must end with. */
export async function codeOf(work) {
  const error = await errorOf(work);
  return error.code ?? error.name;
}

export async function errorOf(work) {
  const outcome = await work.then(
    (value) => ({ value }),
    (error) => ({ error }),
  );
  if (!('error' in outcome))
    throw new Error(`It should have failed; it gave ${JSON.stringify(outcome.value)}.`);
  return outcome.error;
}

/** The SDK always asks by HTTPS; an emulator without a certificate has HTTP. */
function administration(connectionString) {
  const admin = new ServiceBusAdministrationClient(connectionString);
  if (!/UseDevelopmentEmulator=true/.test(connectionString)) return admin;
  admin.pipeline.addPolicy({
    name: 'http',
    sendRequest(request, next) {
      request.url = request.url.replace(/^https/, 'http');
      request.allowInsecureConnection = true;
      return next(request);
    },
  });
  return admin;
}
