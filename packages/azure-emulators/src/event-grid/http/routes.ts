import { badRequest, notFound } from '../event-grid-error.js';
import type { EventSubscriptionConfig } from '../event-grid-options.js';
import type { ReceivedEvent, TokenOutcome } from '../pull/pull-subscription.js';
import { eventsIn } from '../topics/event.js';
import type { Topic } from '../topics/topic.js';

export interface GridRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string;
  readonly body: unknown;
}

export interface GridAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** Serves a request of a client whose key is right. */
export async function serve(topicNamed: (name: string) => Topic, request: GridRequest): Promise<GridAnswer> {
  const { method, path } = request;
  const publish = /^\/topics\/([^/:]+)(?:\/api\/events|:publish)$/.exec(path);
  if (publish !== null && method === 'POST') {
    topicNamed(nameIn(publish, 1)).publish(eventsIn(request.contentType, request.body));
    return { status: 200, body: {} };
  }
  const action = /^\/topics\/([^/]+)\/eventsubscriptions\/([^/:]+):(\w+)$/.exec(path);
  if (action !== null && method === 'POST') {
    const subscription = topicNamed(nameIn(action, 1)).pullSubscription(nameIn(action, 2));
    return { status: 200, body: await pulled(subscription, String(action[3]), request) };
  }
  const managed = /^\/topics\/([^/]+)\/eventsubscriptions\/([^/:]+)$/i.exec(path);
  if (managed !== null && method === 'PUT') {
    await topicNamed(nameIn(managed, 1)).subscribe(configIn(nameIn(managed, 2), request.body));
    return { status: 201, body: request.body };
  }
  throw notFound(`There is no ${method} ${path}.`);
}

type Pulled = ReturnType<Topic['pullSubscription']>;

async function pulled(
  subscription: Pulled,
  action: string,
  { query, body }: GridRequest,
): Promise<TokenOutcome | { readonly value: readonly ReceivedEvent[] }> {
  if (action === 'receive') {
    const most = numberIn(query, 'maxEvents', 1, 1, 100);
    return { value: await subscription.receive(most, numberIn(query, 'maxWaitTime', 60, 0, 120) * 1_000) };
  }
  const tokens = tokensIn(body);
  if (action === 'acknowledge') return subscription.acknowledge(tokens);
  if (action === 'reject') return subscription.reject(tokens);
  if (action === 'renewLock') return subscription.renew(tokens);
  if (action === 'release') {
    const delay = numberIn(query, 'releaseDelayInSeconds', 0, 0, 3_600);
    return subscription.release(tokens, delay * 1_000);
  }
  throw notFound(`A subscription has no ${action}.`);
}

/** As Azure's resource manager is told of a subscription, as far as it is used here. */
interface ManagedSubscription {
  readonly properties?: {
    readonly destination?: { readonly properties?: { readonly endpointUrl?: string } };
    readonly eventDeliverySchema?: EventSubscriptionConfig['eventDeliverySchema'];
    readonly retryPolicy?: {
      readonly maxDeliveryAttempts?: number;
      readonly eventTimeToLiveInMinutes?: number;
    };
    readonly deadLetterDestination?: object;
  };
}

function configIn(name: string, body: unknown): EventSubscriptionConfig {
  const { properties = {} } = (body ?? {}) as ManagedSubscription;
  const { destination, eventDeliverySchema, retryPolicy, deadLetterDestination } = properties;
  const endpointUrl = destination?.properties?.endpointUrl;
  return {
    name,
    ...(endpointUrl !== undefined && { endpointUrl }),
    ...(eventDeliverySchema !== undefined && { eventDeliverySchema }),
    ...retryPolicy,
    deadLetter: deadLetterDestination !== undefined,
  };
}

function tokensIn(body: unknown): readonly string[] {
  const { lockTokens } = (body ?? {}) as { lockTokens?: unknown };
  if (Array.isArray(lockTokens) && lockTokens.every((token) => typeof token === 'string')) return lockTokens;
  throw badRequest('The request names no lockTokens.');
}

function numberIn(
  query: URLSearchParams,
  name: string,
  standard: number,
  least: number,
  most: number,
): number {
  const value = Number(query.get(name) ?? standard);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw badRequest(`${name} must be a whole number from ${least} to ${most}.`);
}

function nameIn(match: RegExpExecArray, group: number): string {
  return decodeURIComponent(match[group]!);
}
