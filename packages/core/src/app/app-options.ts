import type { Clock } from '../clock/clock.js';
import type { CommandMessageContext } from '../commands/command-context.js';
import type { EventMessageContext } from '../events/event-context.js';
import type { Binding } from '../handlers/binding.js';
import type { ResolverOptions } from '../handlers/resolver.js';
import type { MessageType } from '../messages/message.js';
import type { Behavior, HandlingContext } from '../pipeline/behavior.js';
import type { RetryPolicy } from '../pipeline/retry-policy.js';
import type { QueryCacheSettings } from '../queries/cache/query-cache-options.js';
import type { QueryMessageContext } from '../queries/query-context.js';
import type { ReadModelStore } from '../read-models/read-model-store.js';
import type { ParkingPolicy } from '../subscriptions/parking-policy.js';
import type { SubscriptionNotice } from '../subscriptions/subscription-notice.js';
import type { Logger } from '../telemetry/logger.js';
import type { Telemetry } from '../telemetry/telemetry.js';
import type { QueueTransport, Transport } from '../transports/transport.js';
import type { Database } from './database.js';
import type { HandlerSourceOrRegistration } from './registrations.js';
import type { Role } from './role.js';

export interface AppOptions {
  /** The program's name: the source in the envelopes of what it makes. */
  readonly name: string;
  /** Decorated classes, and what the functions beside the decorators gave. */
  readonly handlers: readonly HandlerSourceOrRegistration[];
  /** Messages that no handler here names but that streams hold: events of an event-sourced stream, say. */
  readonly messages?: readonly MessageType[] | undefined;
  readonly database: Database;
  /**
   * Where some projections keep their documents, by the projection's name: each in the store whose shape fits what is
   * asked. Default: the projection's own `store`, else the database's read models.
   */
  readonly readModels?: Readonly<Record<string, ReadModelStore>> | undefined;
  /**
   * Carries events from the relay to the projections. Default: none; subscriptions then read the journal
   * themselves.
   */
  readonly transport?: Transport | undefined;
  /** The topic that the journal's events are published to. Default: the app's name. */
  readonly topic?: string | undefined;
  /**
   * Carries commands that were sent from the relay to the processes that run them. Default: none; these then read the
   * journal themselves.
   */
  readonly queues?: QueueTransport | undefined;
  /** The queue that the journal's commands are sent to. Default: the app's name and `-commands`. */
  readonly queue?: string | undefined;
  /** What of the app runs in this process. Default: all of it. */
  readonly roles?: readonly Role[] | undefined;

  /** The program's own inversify container. Default: one is made when a class needs it. */
  readonly container?: ResolverOptions['container'] | undefined;
  /** Another container: gives the instance of a class, or `undefined` to leave it to the framework. */
  readonly resolve?: ResolverOptions['resolve'] | undefined;
  /** Values and factories for tokens and classes: `bind(…)`, `bindFactory(…)`. */
  readonly provide?: readonly Binding[] | undefined;

  /** Default: the machine's. Stores have clocks of their own. */
  readonly clock?: Clock | undefined;
  /** Default: nothing is logged. */
  readonly logger?: Logger | undefined;
  /** Default: nothing is measured. */
  readonly telemetry?: Telemetry | undefined;
  /** Told of changes of state of this process's subscriptions: paused, stopped, a message parked. They are logged too. */
  readonly observe?: ((notice: SubscriptionNotice) => void) | undefined;
  readonly commands?: CommandSettings | undefined;
  /** For event handlers. */
  readonly events?: MessageSettings<EventMessageContext> | undefined;
  readonly queries?: QuerySettings | undefined;
  readonly subscriptions?: SubscriptionSettings | undefined;
}

export interface CommandSettings extends MessageSettings<CommandMessageContext> {
  /** How long a copy of a command waits for the first one, in milliseconds. Default 5,000. */
  readonly waitInMs?: number | undefined;
  /** How long commands with an id from outside are remembered, in milliseconds. Default 7 days. */
  readonly rememberForMs?: number | undefined;
}

export interface QuerySettings extends MessageSettings<QueryMessageContext> {
  /** Where answers of handlers with `cache` are kept, and how. */
  readonly cache?: QueryCacheSettings | undefined;
}

export interface MessageSettings<Context extends HandlingContext> {
  /** The program's own behaviors, inside the time-out and outside everything that touches a store. */
  readonly behaviors?: readonly Behavior<Context>[] | undefined;
  /** For handlers that name no limit of their own, in milliseconds. Default 30,000. */
  readonly timeoutInMs?: number | undefined;
  /** For all handlers; a handler's own rules come before these. */
  readonly retry?: RetryPolicy | undefined;
}

export interface SubscriptionSettings {
  /** What happens with messages that cannot be handled. */
  readonly parking?: ParkingPolicy | undefined;
  /** How long to wait when nobody wakes a subscription, in milliseconds. Default 1,000. */
  readonly pollInMs?: number | undefined;
  /** How long a lease lasts without a renewal, in milliseconds. Default 30,000. */
  readonly leaseInMs?: number | undefined;
  /** Bounds of a batch. Default: 500 entries, 1 MiB. */
  readonly maxBatchEntries?: number | undefined;
  readonly maxBatchBytes?: number | undefined;
  /**
   * How long a copy of a read model that was replaced is still fed, in milliseconds, at least 10,000. Default ten
   * minutes.
   */
  readonly retiredGraceInMs?: number | undefined;
}
