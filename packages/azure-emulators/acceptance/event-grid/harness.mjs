// What every check has at hand: a topic of its own, the clients of the SDK, and web hooks.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { AzureKeyCredential, EventGridPublisherClient } from '@azure/eventgrid';
import { EventGridReceiverClient, EventGridSenderClient } from '@azure/eventgrid-namespaces';

/**
 * @typedef {object} Target
 * @property {string} endpoint
 * @property {string} key
 * @property {(milliseconds: number) => Promise<void>} pass lets time pass for the service
 */

const clientOptions = { allowInsecureConnection: true, retryOptions: { maxRetries: 0 } };

export class Context {
  #target;
  #cleanups = [];

  /** @param {Target} target */
  constructor(target) {
    this.#target = target;
    this.topic = `check-${randomUUID()}`;
  }

  pass(milliseconds) {
    return this.#target.pass(milliseconds);
  }

  /** A client that publishes to the topic, in that schema. */
  publisher(schema = 'CloudEvent', key = this.#target.key) {
    const url = `${this.#target.endpoint}/topics/${this.topic}/api/events`;
    return new EventGridPublisherClient(url, schema, new AzureKeyCredential(key), clientOptions);
  }

  sender() {
    const credential = new AzureKeyCredential(this.#target.key);
    return new EventGridSenderClient(this.#target.endpoint, credential, this.topic, clientOptions);
  }

  receiver(subscription) {
    const credential = new AzureKeyCredential(this.#target.key);
    return new EventGridReceiverClient(
      this.#target.endpoint,
      credential,
      this.topic,
      subscription,
      clientOptions,
    );
  }

  /** Subscribes as Azure's resource manager does. Answers the status. */
  async subscribe(name, properties = {}) {
    const url = `${this.#target.endpoint}/topics/${this.topic}/eventSubscriptions/${name}`;
    const response = await fetch(url, {
      method: 'PUT',
      headers: { 'aeg-sas-key': this.#target.key, 'Content-Type': 'application/json' },
      body: JSON.stringify({ properties }),
    });
    return response.status;
  }

  /** Subscribes a web hook. Answers the status. */
  subscribeHook(hook, properties = {}) {
    const destination = { endpointType: 'WebHook', properties: { endpointUrl: hook.url } };
    return this.subscribe('hook', { destination, ...properties });
  }

  /** A web hook that agrees, and takes events unless `statuses` says something else of the next ones. */
  async hook({ agrees = true } = {}) {
    const requests = [];
    const statuses = [];
    const heard = [];
    const server = createServer(async (request, response) => {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      const { status, headers, body } = answerOf({ request, text, agrees, statuses, requests });
      response.writeHead(status, headers).end(body);
      for (const tell of heard.splice(0)) tell();
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#cleanups.push(() => new Promise((resolve) => server.close(resolve)));
    return {
      url: `http://127.0.0.1:${server.address().port}/hook`,
      requests,
      statuses,
      /** Resolves when so many notifications have come. */
      async got(count) {
        while (requests.length < count) await new Promise((resolve) => heard.push(resolve));
        return requests;
      },
    };
  }

  async close() {
    for (const cleanup of this.#cleanups) await cleanup();
  }
}

function answerOf({ request, text, agrees, statuses, requests }) {
  if (request.method === 'OPTIONS') {
    const origin = request.headers['webhook-request-origin'];
    return { status: 200, headers: agrees ? { 'WebHook-Allowed-Origin': origin } : {} };
  }
  if (request.headers['aeg-event-type'] === 'SubscriptionValidation') {
    const [{ data }] = JSON.parse(text);
    const body = JSON.stringify({ validationResponse: agrees ? data.validationCode : 'no' });
    return { status: 200, headers: {}, body };
  }
  requests.push({ headers: request.headers, body: JSON.parse(text) });
  return { status: statuses.shift() ?? 200, headers: {} };
}

export const cloudEvent = (changes = {}) => ({
  id: randomUUID(),
  source: '/checks',
  type: 'check.Happened',
  time: new Date(),
  data: { n: 1 },
  ...changes,
});

/** The status that the work must end with. */
export async function statusOf(work) {
  try {
    await work;
  } catch (error) {
    return error.statusCode;
  }
  throw new Error('It should have failed.');
}

/** All that can be pulled now. */
export async function pull(receiver, maxEvents = 10) {
  const { details = [] } = await receiver.receiveEvents({ maxEvents, maxWaitTime: 10 });
  return details;
}
