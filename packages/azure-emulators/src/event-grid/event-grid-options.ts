import type { Clock } from '../clock/clock.js';
import type { FaultPlan } from '../faults/fault-plan.js';

/** The topics to begin with, and who subscribes to them. */
export interface EventGridConfig {
  readonly topics?: readonly EventGridTopicConfig[];
}

export interface EventGridTopicConfig {
  readonly name: string;
  readonly subscriptions?: readonly EventSubscriptionConfig[];
}

/** Events are pushed to a web hook, or wait until they are pulled. */
export interface EventSubscriptionConfig {
  readonly name: string;
  /** Where events are posted to. Default: none, they are pulled. */
  readonly endpointUrl?: string;
  /** Default `CloudEventSchemaV1_0`. */
  readonly eventDeliverySchema?: 'CloudEventSchemaV1_0' | 'EventGridSchema';
  /** How often an event is delivered before it is given up, 1 to 30. Default 30. */
  readonly maxDeliveryAttempts?: number;
  /** How long an event is tried, in minutes, 1 to 1,440. Default 1,440. */
  readonly eventTimeToLiveInMinutes?: number;
  /** Keeps what is given up; else it is dropped, as in the service. Default false. */
  readonly deadLetter?: boolean;
  /** How long a pulled event is locked, in seconds. Default 60. */
  readonly receiveLockDurationInSeconds?: number;
}

export interface EventGridOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default: none; topics are made by those who publish to them. */
  readonly config?: EventGridConfig;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** What goes wrong. Default nothing. */
  readonly faults?: FaultPlan;
  /** The key of all topics. Default one that is printed. */
  readonly key?: string;
}

/** An event that was given up, as the service writes it to a blob. */
export interface DeadLetter {
  readonly event: object;
  readonly deadLetterReason:
    | 'MaxDeliveryAttemptsExceeded'
    | 'TimeToLiveExceeded'
    | 'Undeliverable'
    | 'Rejected';
  readonly deliveryAttempts: number;
  readonly lastDeliveryOutcome: string;
}

export interface RunningEventGrid {
  /** `http://127.0.0.1:<port>`: a namespace's endpoint; that of a topic is `topicEndpoint`. */
  readonly endpoint: string;
  readonly key: string;
  readonly port: number;
  topicEndpoint(topic: string): string;
  /**
   * Makes a subscription, or changes it. A web hook must pass the handshake.
   * @throws when it does not.
   */
  subscribe(topic: string, subscription: EventSubscriptionConfig): Promise<void>;
  deadLetters(topic: string, subscription: string): readonly DeadLetter[];
  /** Resolves when nothing is being delivered. What waits for a retry does not count. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}
