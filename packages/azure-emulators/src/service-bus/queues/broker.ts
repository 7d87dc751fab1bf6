import type { Clock } from '../../clock/clock.js';
import type { Deadlines } from '../../clock/deadlines.js';
import type { MessageStorage } from '../storage/message-storage.js';

/** What every part of the broker's state shares. */
export interface Broker {
  readonly clock: Clock;
  readonly deadlines: Deadlines;
  readonly storage: MessageStorage;
}
