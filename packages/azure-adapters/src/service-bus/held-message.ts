import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { Delivery } from '@diptych/core';

/** A message that the broker has given to a session, until it is settled. */
export interface HeldMessage {
  readonly received: ServiceBusReceivedMessage;
  readonly delivery: Delivery;
  /** Lets the broker send another one in its place. */
  readonly free: () => void;
  /** Given on by `receive`. */
  isOut: boolean;
}
