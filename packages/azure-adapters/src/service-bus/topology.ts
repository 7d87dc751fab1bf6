import type { ServiceBusAdministrationClient } from '@azure/service-bus';
import { ProgrammingError } from '@diptych/core';
import {
  queueFaults,
  queueSettings,
  ruleFaults,
  type SessionEntitySettings,
  subscriptionFaults,
  subscriptionSettings,
  topicFaults,
} from './entity-settings.js';
import { serviceBusCode, serviceBusError } from './service-bus-errors.js';
import type { Topology } from './service-bus-options.js';

export interface BrokerTopologyOptions {
  readonly administration: ServiceBusAdministrationClient;
  readonly topology: Topology;
  readonly settings: SessionEntitySettings;
}

/** Makes and checks topics, queues and subscriptions, by the names that they have in the namespace. */
export class BrokerTopology {
  readonly #administration: ServiceBusAdministrationClient;
  readonly #topology: Topology;
  readonly #settings: SessionEntitySettings;

  constructor({ administration, topology, settings }: BrokerTopologyOptions) {
    this.#administration = administration;
    this.#topology = topology;
    this.#settings = settings;
  }

  /** What is wrong with the namespace. */
  async namespaceFaults(): Promise<readonly string[]> {
    if (this.#topology === 'assume') return [];
    const { messagingSku } = await this.#ask('ask for the namespace', () =>
      this.#administration.getNamespaceProperties(),
    );
    return messagingSku === 'Basic' ? ['A namespace of the tier Basic has neither topics nor sessions.'] : [];
  }

  async topicFaults(name: string): Promise<readonly string[]> {
    if (this.#topology === 'assume') return [];
    const topic = await this.#find(`topic '${name}'`, {
      get: () => this.#administration.getTopic(name),
      create: () => this.#administration.createTopic(name),
    });
    return topic === undefined ? [`There is no topic '${name}'.`] : topicFaults(topic);
  }

  async queueFaults(name: string): Promise<readonly string[]> {
    if (this.#topology === 'assume') return [];
    const queue = await this.#find(`queue '${name}'`, {
      get: () => this.#administration.getQueue(name),
      create: () => this.#administration.createQueue(name, queueSettings(this.#settings)),
    });
    return queue === undefined ? [`There is no queue '${name}'.`] : queueFaults(queue);
  }

  async subscriptionFaults(topic: string, name: string): Promise<readonly string[]> {
    if (this.#topology === 'assume') return [];
    const what = `subscription '${name}' of topic '${topic}'`;
    const subscription = await this.#find(what, {
      get: () => this.#administration.getSubscription(topic, name),
      create: () =>
        this.#administration.createSubscription(topic, name, subscriptionSettings(this.#settings)),
    });
    if (subscription === undefined) return [`There is no ${what}.`];
    return [...subscriptionFaults(subscription), ...(await this.#rulesIn(topic, name))];
  }

  async #rulesIn(topic: string, name: string): Promise<readonly string[]> {
    return this.#ask(`list the rules of '${topic}/${name}'`, async () => {
      const rules = [];
      for await (const rule of this.#administration.listRules(topic, name)) rules.push(rule);
      return ruleFaults(topic, name, rules);
    });
  }

  /** What is there, or was made. Two processes may make it at the same time. */
  async #find<T>(
    what: string,
    { get, create }: { readonly get: () => Promise<T>; readonly create: () => Promise<T> },
  ): Promise<T | undefined> {
    const found = await this.#ask(`look for ${what}`, () =>
      get().catch(unless('MessageEntityNotFoundError')),
    );
    if (found !== undefined || this.#topology !== 'create') return found;
    const made = await this.#ask(`make ${what}`, () =>
      create().catch(unless('MessageEntityAlreadyExistsError')),
    );
    return made ?? this.#ask(`look for ${what}`, get);
  }

  async #ask<T>(doing: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (error) {
      throw serviceBusError(error, doing);
    }
  }
}

/** @throws ProgrammingError `transport-unfit` when there is any. */
export function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0) throw new ProgrammingError('transport-unfit', faults.join(' '), { faults });
}

function unless(code: string): (error: unknown) => undefined {
  return (error) => {
    if (serviceBusCode(error) === code) return undefined;
    throw error;
  };
}
