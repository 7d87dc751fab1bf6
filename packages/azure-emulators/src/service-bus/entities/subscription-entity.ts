import { entityExists, entityNotFound } from '../errors/service-bus-error.js';
import type { MessageContent } from '../messages/message-content.js';
import type { Broker } from '../queues/broker.js';
import type { MessageOrigin } from '../queues/message-queue.js';
import type { Rule } from '../rules/rule.js';
import type { SubscriptionSettings } from './entity-settings.js';
import { type Forward, ReceivingEntity } from './receiving-entity.js';

/** A subscription: gets a copy of each message of its topic that one of its rules matches. */
export class SubscriptionEntity extends ReceivingEntity {
  private readonly rulesByName = new Map<string, Rule>();

  constructor(
    readonly topic: string,
    readonly name: string,
    override readonly settings: SubscriptionSettings,
    broker: Broker,
    forward: Forward,
  ) {
    super(`${topic}/Subscriptions/${name}`, settings, broker, forward);
  }

  get rules(): readonly Rule[] {
    return [...this.rulesByName.values()];
  }

  addRule(rule: Rule): void {
    const key = rule.name.toLowerCase();
    if (this.rulesByName.has(key)) throw entityExists(`${this.path}/Rules/${rule.name}`);
    this.rulesByName.set(key, rule);
  }

  replaceRule(rule: Rule): void {
    this.removeRule(rule.name);
    this.addRule(rule);
  }

  removeRule(name: string): void {
    if (!this.rulesByName.delete(name.toLowerCase())) throw entityNotFound(`${this.path}/Rules/${name}`);
  }

  rule(name: string): Rule | undefined {
    return this.rulesByName.get(name.toLowerCase());
  }

  /** Rules without an action give one copy together; each with an action gives one of its own. */
  publish(content: MessageContent, origin: MessageOrigin): void {
    try {
      const matching = this.rules.filter(({ filter }) => filter.matches(content));
      if (matching.some(({ action }) => action === undefined)) this.take(content, origin);
      for (const { action } of matching) {
        if (action !== undefined) this.take(action.apply(content), origin);
      }
    } catch (error) {
      if (!this.settings.deadLetteringOnFilterEvaluationExceptions) return;
      this.acceptDead(content, 'FilterEvaluationException', (error as Error).message, origin);
    }
  }

  private take(content: MessageContent, origin: MessageOrigin): void {
    const isWithoutSession = this.settings.requiresSession && content.sessionId === undefined;
    if (!isWithoutSession) this.accept(content, origin);
    else {
      const why = "Session enabled entity doesn't allow a message whose session identifier is null.";
      this.acceptDead(content, 'Session id is null.', why, origin);
    }
  }
}
