import type { Clock } from '../clock/clock.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { Account } from './account/account.js';
import type { OperationCounter } from './charges/operation-counts.js';
import type { Throughput } from './charges/throughput.js';

/** What all requests of an emulator share. */
export interface CosmosSurroundings {
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly account: Account;
  readonly throughput: Throughput;
  readonly counter: OperationCounter;
}
