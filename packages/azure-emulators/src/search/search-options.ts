import type { Clock } from '../clock/clock.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { SearchOperationCounts } from './http/operation-counts.js';
import type { JsonObject } from './json.js';

/** The indexes to begin with, each as the service's REST interface takes it. */
export interface SearchConfig {
  readonly indexes?: readonly JsonObject[];
}

export interface SearchOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default: none; clients make what they need. */
  readonly config?: SearchConfig;
  /** Default: the machine's. By it documents become visible, held-up requests come, and a throttled time ends. */
  readonly clock?: Clock;
  /** What goes wrong. Default nothing. */
  readonly faults?: FaultPlan;
  /** The admin key. Default one that is printed. */
  readonly key?: string;
  /** A key that can only ask. Default one that is told. */
  readonly queryKey?: string;
  /** Bearer tokens that may do all. Default none. */
  readonly tokens?: readonly string[];
  /** Whether a key or a token is needed. Default true. */
  readonly checksAccess?: boolean;
  /** How long an acknowledged document stays unseen, in milliseconds. Default 0. */
  readonly indexingDelayInMs?: number;
}

export interface SearchThrottleOptions {
  /** For how long everything is refused with 429, by the emulator's clock. */
  readonly durationInMs: number;
  /** What clients are told to wait. Default 10. */
  readonly retryAfterInMs?: number;
}

export interface RunningSearch {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly key: string;
  readonly queryKey: string;
  readonly port: number;
  /** How often each operation was served, of all indexes or of one. */
  operations(index?: string): SearchOperationCounts;
  /** Lets documents become visible so much later, from now on. */
  showAfter(milliseconds: number): void;
  /** Refuses everything for a time, as a service does that is asked far too much. */
  throttle(options: SearchThrottleOptions): void;
  /** Destroys the sockets of all clients, as a failing network would. */
  cutConnections(): void;
  stop(): Promise<void>;
}
