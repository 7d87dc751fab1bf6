import { badRequest } from '../errors/service-bus-error.js';
import type { Entry } from './atom-xml.js';
import {
  entityEntry,
  entityResource,
  ifThere,
  type Place,
  type Resource,
  ruleEntry,
  ruleResource,
  subscriptionAt,
  subscriptionEntry,
  subscriptionResource,
} from './resources.js';

export type Route =
  | { readonly kind: 'one'; readonly resource: Resource }
  | { readonly kind: 'list'; readonly entries: () => readonly Entry[] };

const one = (resource: Resource): Route => ({ kind: 'one', resource });
const list = (entries: () => readonly Entry[]): Route => ({ kind: 'list', entries });

/** What a path leads to. It is there or not: that is another question. */
export function routeOf(place: Place, path: string): Route {
  const { namespace } = place;
  if (/^\$namespaceinfo$/i.test(path)) return one(namespaceInfo(place));
  if (/^\$resources\/queues$/i.test(path))
    return list(() => namespace.queues.map((queue) => entityEntry(place, queue)));
  if (/^\$resources\/topics$/i.test(path))
    return list(() => namespace.topics.map((topic) => entityEntry(place, topic)));
  const parts = /^(.+?)\/subscriptions(?:\/([^/]+)(?:\/rules(?:\/([^/]+))?)?)?$/i.exec(path);
  const [, topic, subscription, rule] = parts ?? [];
  if (topic === undefined) return one(entityResource(place, path));
  if (subscription === undefined) {
    const all = () => [...(namespace.topic(topic)?.subscriptions.values() ?? [])];
    return list(() => all().map((each) => subscriptionEntry(place, each)));
  }
  if (rule !== undefined) return one(ruleResource(place, topic, subscription, rule));
  if (!/\/rules$/i.test(path)) return one(subscriptionResource(place, topic, subscription));
  const found = () => ifThere(() => subscriptionAt(place, topic, subscription));
  return list(
    () =>
      found()?.rules.map((each) => ruleEntry(place, subscriptionAt(place, topic, subscription), each)) ?? [],
  );
}

function namespaceInfo({ host }: Place): Resource {
  const now = new Date().toISOString();
  const content = {
    NamespaceInfo: {
      '@xmlns': 'http://schemas.microsoft.com/netservices/2010/10/servicebus/connect',
      CreatedTime: now,
      MessagingSKU: 'Standard',
      ModifiedTime: now,
      Name: 'emulator',
      NamespaceType: 'Messaging',
    },
  };
  const nothingElse = () => {
    throw badRequest('The namespace itself cannot be changed.');
  };
  return {
    get: () => ({ id: `https://${host}/$namespaceinfo`, title: 'emulator', content }),
    put: nothingElse,
    delete: nothingElse,
  };
}
