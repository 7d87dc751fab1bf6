import { notFound } from '../event-grid-error.js';
import type { EventSubscriptionConfig } from '../event-grid-options.js';
import { PullSubscription } from '../pull/pull-subscription.js';
import { handshake } from '../push/handshake.js';
import { PushSubscription } from '../push/push-subscription.js';
import type { Surroundings } from '../surroundings.js';
import type { GridEvent } from './event.js';

export type Subscription = PushSubscription | PullSubscription;

/** Gives each event to all who have subscribed. */
export class Topic {
  private readonly subscriptions = new Map<string, Subscription>();

  constructor(
    readonly name: string,
    private readonly around: Surroundings,
  ) {}

  async subscribe(config: EventSubscriptionConfig): Promise<void> {
    const { endpointUrl } = config;
    if (endpointUrl === undefined) {
      this.subscriptions.set(config.name, new PullSubscription(config, this.around));
      return;
    }
    await handshake(endpointUrl, config);
    this.subscriptions.set(config.name, new PushSubscription({ ...config, endpointUrl }, this.around));
  }

  publish(events: readonly GridEvent[]): void {
    for (const event of events) {
      for (const subscription of this.subscriptions.values()) subscription.take(event);
    }
  }

  subscription(name: string): Subscription {
    const found = this.subscriptions.get(name);
    if (found === undefined) throw notFound(`Topic '${this.name}' has no subscription '${name}'.`);
    return found;
  }

  pullSubscription(name: string): PullSubscription {
    const found = this.subscription(name);
    if (found instanceof PullSubscription) return found;
    throw notFound(`Subscription '${name}' of topic '${this.name}' pushes its events.`);
  }
}
