import { randomUUID } from 'node:crypto';
import { eventGridTransport } from '@diptych/azure-adapters/event-grid';
import { hookPath, type ShopBrokers } from './shop-brokers.js';

/** A custom topic of Event Grid. */
export interface EventGridTopic {
  readonly endpoint: string;
  readonly key: string;
}

/**
 * Events by a custom topic. Who publishes them need not hear of them; who reads them is woken by the web hook.
 * @param hookKey what Event Grid has to name when it calls. Default: another one each time.
 */
export function eventGridBrokers(topic: EventGridTopic, hookKey: string = randomUUID()): ShopBrokers {
  const grid = eventGridTransport({ ...topic, webHook: { key: hookKey }, sources: ['shop'] });
  return {
    transport: grid,
    webHook: grid.webHook,
    serving: (url) => subscribeAtEmulator(topic, `${url}${hookPath}?key=${hookKey}`),
    close: () => grid.close(),
  };
}

/** In Azure whoever sets the topic up makes the subscription; an emulator is told by the shop. */
async function subscribeAtEmulator({ endpoint, key }: EventGridTopic, endpointUrl: string): Promise<void> {
  if (!endpoint.startsWith('http://')) return;
  const name = `shop-${new URL(endpointUrl).port}`;
  const destination = { endpointType: 'WebHook', properties: { endpointUrl } };
  const response = await fetch(endpoint.replace(/\/api\/events$/, `/eventSubscriptions/${name}`), {
    method: 'PUT',
    headers: { 'aeg-sas-key': key, 'Content-Type': 'application/json' },
    body: JSON.stringify({ properties: { destination } }),
  });
  if (!response.ok) throw new Error(`The emulator of Event Grid refused the web hook: ${response.status}`);
}
