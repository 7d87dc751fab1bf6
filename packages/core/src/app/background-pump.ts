import type { Pump } from '../subscriptions/pump.js';

/** Work of an app beside its subscriptions, which runs by itself between `start` and `stop`. */
export interface BackgroundPump extends Pump {
  start(): void;
  stop(): Promise<void>;
}
