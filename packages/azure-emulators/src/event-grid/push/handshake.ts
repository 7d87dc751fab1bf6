import { randomUUID } from 'node:crypto';
import { badRequest } from '../event-grid-error.js';
import type { EventSubscriptionConfig } from '../event-grid-options.js';
import { post } from './web-hook.js';

const origin = 'eventgrid.azure.net';

/** Asks a web hook whether it wants events: nobody is sent what he has not agreed to. Throws when it does not. */
export async function handshake(url: string, config: EventSubscriptionConfig): Promise<void> {
  const agreed =
    config.eventDeliverySchema === 'EventGridSchema' ? await sendsBack(url) : await allowsOrigin(url);
  if (!agreed) throw badRequest(`The web hook ${withoutQuery(url)} did not pass the handshake.`);
}

async function allowsOrigin(url: string): Promise<boolean> {
  const response = await fetch(url, {
    method: 'OPTIONS',
    headers: { 'WebHook-Request-Origin': origin },
  }).catch(() => undefined);
  const allowed = response?.headers.get('WebHook-Allowed-Origin');
  return response?.status === 200 && (allowed === '*' || allowed === origin);
}

async function sendsBack(url: string): Promise<boolean> {
  const validationCode = randomUUID();
  const event = {
    id: randomUUID(),
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    subject: '',
    eventTime: new Date().toISOString(),
    dataVersion: '2',
    metadataVersion: '1',
    data: { validationCode, validationUrl: `https://${origin}/eventsubscriptions/validate` },
  };
  const headers = { 'Content-Type': 'application/json', 'aeg-event-type': 'SubscriptionValidation' };
  const answer = await post(url, [event], headers);
  if (answer?.status !== 200) return false;
  try {
    const { validationResponse } = JSON.parse(answer.text) as { validationResponse?: unknown };
    return validationResponse === validationCode;
  } catch {
    return false;
  }
}

/** Keys may stand in the query. */
function withoutQuery(url: string): string {
  return url.split('?')[0]!;
}
