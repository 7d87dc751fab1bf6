/** The settings by which a queue of messages behaves. They may change while it lives. */
export interface QueueBehavior {
  readonly lockDurationInMs: number;
  readonly maxDeliveryCount: number;
  readonly requiresSession: boolean;
  readonly deadLettersExpired: boolean;
  /** How long a message lives that itself asks for `own`. Infinity where it does not expire. */
  timeToLiveInMs(own: number): number;
}
