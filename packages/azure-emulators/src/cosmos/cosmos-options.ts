import type { Clock } from '../clock/clock.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { OperationCounts } from './charges/operation-counts.js';
import type { ThroughputLimits } from './charges/throughput.js';
import type { JsonObject } from './items/json.js';

/** The databases and containers to begin with. */
export interface CosmosConfig {
  readonly databases?: readonly CosmosDatabaseConfig[];
}

export interface CosmosDatabaseConfig {
  readonly id: string;
  /** Each as the SDK's `containers.create` takes it: `id`, `partitionKey`, `defaultTtl`, `uniqueKeyPolicy`, … */
  readonly containers?: readonly JsonObject[];
}

export interface CosmosOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default: none; clients make what they need. */
  readonly config?: CosmosConfig;
  /** Default: the machine's. Times to live, throttling and lags of replicas are by it. */
  readonly clock?: Clock;
  /** What goes wrong. Default nothing. */
  readonly faults?: FaultPlan;
  /** The key of the account, in base64. Default one that is printed. */
  readonly key?: string;
  /** Whether requests must be signed with the key. Default true. */
  readonly checksAccess?: boolean;
  /**
   * How far replicas are behind, in milliseconds. A read without a session token, or with one of an older write, sees
   * what was there so long ago; one with the token of a write sees that write. Default 0.
   */
  readonly replicationLagInMs?: number;
  /** What may be asked in a second; more is refused with 429. Default no limit. */
  readonly throughput?: ThroughputLimits;
}

export interface ThrottleOptions {
  /** For how long everything about items is refused, by the emulator's clock. */
  readonly durationInMs: number;
  /** What clients are told to wait, in `x-ms-retry-after-ms`. Default 10. */
  readonly retryAfterInMs?: number;
}

export interface RunningCosmos {
  /** `http://127.0.0.1:<port>/` */
  readonly endpoint: string;
  readonly key: string;
  /** What the SDK needs to connect: `AccountEndpoint=…;AccountKey=…;`. */
  readonly connectionString: string;
  readonly port: number;
  /** How often each operation was served, of all containers or of one, `database/container`. */
  operations(container?: string): OperationCounts;
  /** Lets replicas be behind, from now on. */
  lagBy(milliseconds: number): void;
  /** Refuses everything about items for a time, as a service does that is asked far too much. */
  throttle(options: ThrottleOptions): void;
  /** Destroys the sockets of all clients, as a failing network would. */
  cutConnections(): void;
  stop(): Promise<void>;
}
