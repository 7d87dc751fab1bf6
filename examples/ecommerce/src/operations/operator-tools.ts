import { type AppOptions, defaultParkingPolicy } from '@diptych/core';
import { brokenBySwitch, FaultSwitches } from './fault-switches.js';
import { Meters } from './meters.js';

/** What operators look at the shop with, and the switches that they break it by. */
export class OperatorTools {
  readonly meters = new Meters();
  readonly faults = new FaultSwitches();

  /** The same program: measured, and with a switch on each projection. */
  fit(options: AppOptions): AppOptions {
    return {
      ...options,
      handlers: options.handlers.map((handler) => this.faults.around(handler)),
      telemetry: this.meters,
      // What an operator broke an operator mends, so it is not tried again by itself.
      subscriptions: {
        ...options.subscriptions,
        parking: {
          ...defaultParkingPolicy,
          ...options.subscriptions?.parking,
          byCode: {
            ...options.subscriptions?.parking?.byCode,
            [brokenBySwitch]: { immediate: 0, delaysInMs: [] },
          },
        },
      },
    };
  }
}
