import type { Clock } from '../clock/clock.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { SharedAccessKey } from './access/shared-access-keys.js';
import type { EmulatorConfig } from './config/emulator-config.js';

export interface ServiceBusOptions {
  /** Default 0: any free port. */
  readonly port?: number;
  /** The entities to begin with, in the form of the official emulator's config file. Default none. */
  readonly config?: EmulatorConfig;
  /**
   * Where messages and entities are kept, so that they survive a restart. What it has comes before the config. Default:
   * nowhere.
   */
  readonly file?: string;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** What goes wrong. Default nothing. */
  readonly faults?: FaultPlan;
  /** Who may connect. Default one key that may do all, named `RootManageSharedAccessKey`. */
  readonly keys?: readonly SharedAccessKey[];
}

export interface RunningServiceBus {
  /** What the SDK needs to connect: address, the first key, and that there is no TLS. */
  readonly connectionString: string;
  readonly port: number;
  /** How many bytes have gone in and out, of all clients. It stands still when nothing is under way. */
  readonly bytes: number;
  /** Destroys the sockets of all clients, as a failing network would. */
  cutConnections(): void;
  stop(): Promise<void>;
}
