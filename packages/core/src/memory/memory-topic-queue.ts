import type { Clock } from '../clock/clock.js';
import type { TransportMessage } from '../transports/transport.js';
import type { FaultPlan } from './transport-faults.js';

/** A message in a subscription's queue. */
export interface QueuedMessage {
  readonly message: TransportMessage;
  /** Not delivered before, by the transport's clock. */
  readonly notBefore: number;
  attempts: number;
  /** Given to the present session, which has not settled it yet. */
  isOut: boolean;
}

/** What the queues and sessions of one subscription work with. */
export interface MemoryQueueOptions {
  readonly ordered: boolean;
  readonly lockInMs: number;
  readonly clock: Clock;
  readonly faults: FaultPlan;
}
