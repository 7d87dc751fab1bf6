import type { DeadLetter, EventSubscriptionConfig } from '../event-grid-options.js';
import type { Surroundings } from '../surroundings.js';
import { type GridEvent, schemaOf } from '../topics/event.js';
import { meaningOf, pauseAfter } from './retry-schedule.js';
import { deliveryOf, post } from './web-hook.js';

interface Delivery {
  readonly event: GridEvent;
  readonly giveUpAt: number;
  attempts: number;
}

/** Posts events to a web hook, each on its own, and again until it is taken or given up. There is no order. */
export class PushSubscription {
  readonly deadLetters: DeadLetter[] = [];
  private readonly maxAttempts: number;
  private readonly lifeInMs: number;

  constructor(
    private readonly config: EventSubscriptionConfig & { readonly endpointUrl: string },
    private readonly around: Surroundings,
  ) {
    this.maxAttempts = config.maxDeliveryAttempts ?? 30;
    this.lifeInMs = (config.eventTimeToLiveInMinutes ?? 1_440) * 60_000;
  }

  take(event: GridEvent): void {
    const { clock, faults } = this.around;
    const start = () => this.start({ event, giveUpAt: clock.now() + this.lifeInMs, attempts: 0 });
    const fault = faults.decide('deliver', this.config.name);
    if (fault?.fault === 'drop') return;
    if (fault?.fault === 'duplicate') start();
    if (fault?.fault !== 'delay') {
      start();
      return;
    }
    void this.around.underway.during(async () => {
      await new Promise((resolve) => setTimeout(resolve, fault.delayInMs ?? 100));
      start();
    });
  }

  private start(delivery: Delivery): void {
    void this.around.underway.during(() => this.attempt(delivery));
  }

  private async attempt(delivery: Delivery): Promise<void> {
    const { endpointUrl, name } = this.config;
    delivery.attempts++;
    const { body, contentType } = deliveryOf(delivery.event, schemaOf(delivery.event));
    const answer = await post(endpointUrl, body, {
      'Content-Type': contentType,
      'aeg-event-type': 'Notification',
      'aeg-subscription-name': name.toUpperCase(),
      'aeg-delivery-count': String(delivery.attempts - 1),
    });
    const outcome = answer === undefined ? 'NoAnswer' : String(answer.status);
    const meaning = meaningOf(answer?.status);
    if (meaning === 'never') this.giveUp(delivery, 'Undeliverable', outcome);
    else if (meaning === 'again') this.again(delivery, outcome);
  }

  private again(delivery: Delivery, outcome: string): void {
    const { clock, deadlines } = this.around;
    const at = clock.now() + pauseAfter(delivery.attempts);
    if (delivery.attempts >= this.maxAttempts) this.giveUp(delivery, 'MaxDeliveryAttemptsExceeded', outcome);
    else if (at > delivery.giveUpAt) this.giveUp(delivery, 'TimeToLiveExceeded', outcome);
    else deadlines.set(at, () => this.start(delivery));
  }

  private giveUp(
    delivery: Delivery,
    deadLetterReason: DeadLetter['deadLetterReason'],
    outcome: string,
  ): void {
    if (this.config.deadLetter !== true) return;
    const { event, attempts } = delivery;
    this.deadLetters.push({
      event,
      deadLetterReason,
      deliveryAttempts: attempts,
      lastDeliveryOutcome: outcome,
    });
  }
}
