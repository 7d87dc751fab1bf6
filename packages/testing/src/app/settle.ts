import type { App } from '@diptych/core';
import type { FakeClock } from '../clock/fake-clock.js';

/**
 * Turns everything that runs by itself until a whole round finds nothing to do and no command is being handled,
 * but for those that wait for time to pass.
 */
export async function settle(app: App, clock: FakeClock): Promise<void> {
  for (;;) {
    while (isBusy(app, clock)) await nextTurn();
    let worked = false;
    for (const pump of app.pumps()) worked = (await pump.turn()) || worked;
    if (!worked && !isBusy(app, clock)) return;
  }
}

// Each command that waits for time does so by one timer; only then is more in hand than waits.
function isBusy(app: App, clock: FakeClock): boolean {
  return app.inFlight().commands > clock.waits;
}

/** Everything that can run now, input and output included, gets to run first. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
