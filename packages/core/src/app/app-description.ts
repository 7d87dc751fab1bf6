import type { Role } from './role.js';

export interface MessageDescription {
  /** The wire name. */
  readonly name: string;
  readonly version: number;
  /** Who handles it. */
  readonly handler: string;
  /** The name of its policy. */
  readonly policy: string;
  /** `internal` messages are never exposed over HTTP. */
  readonly reach: 'public' | 'internal';
  /** What happens around the handler, outermost first. */
  readonly behaviors: readonly string[];
}

export interface QueryDescription extends MessageDescription {
  /** The projections that it reads. */
  readonly reads: readonly string[];
}

export interface SubscriptionDescription {
  readonly name: string;
  readonly kind: 'projection' | 'event-handler' | 'commands' | 'relay';
  readonly role: Role;
  /** Where its entries come from: the journal, or a topic with the journal behind it. */
  readonly feed: string;
  /** The wire names of the events that it handles; empty for one that handles all. */
  readonly events: readonly string[];
}

export interface ReadModelDescription {
  readonly name: string;
  readonly version: number;
  readonly indexes: readonly string[];
  /** The subscription that feeds it. */
  readonly subscription: string;
}

/** What an app consists of, as data. `diagramOf` draws it. */
export interface AppDescription {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly partitions: number;
  readonly commands: readonly MessageDescription[];
  readonly queries: readonly QueryDescription[];
  readonly subscriptions: readonly SubscriptionDescription[];
  readonly readModels: readonly ReadModelDescription[];
  /** What the rest of the system must see to, for the promises to hold; empty when this process runs everything. */
  readonly limits: readonly string[];
}
