import { setTimeout as wait } from 'node:timers/promises';
import { type Blow, commandSteps, type Slot } from './plan.js';
import type { Shops } from './shops.js';
import type { Step } from './step.js';
import type { Tally } from './tally.js';
import { within } from './within.js';
import type { Operator } from './workload/operator.js';

/** How long a step is waited for, in milliseconds; then the shop dies wherever it is. */
const patienceInMs = 4_000;
/** Longer than a lease, in milliseconds. */
const stallInMs = 1_600;
const brokenForMs = 150;
const switchSteps: readonly Step[] = ['before a switch', 'after a switch'];

/** Deals blows to the shops, one after the other, and lets them stand up again. */
export class Blows {
  readonly #shops: Shops;
  readonly #operator: Operator;
  readonly #tally: Tally;

  constructor(shops: Shops, operator: Operator, tally: Tally) {
    this.#shops = shops;
    this.#operator = operator;
    this.#tally = tally;
  }

  async deal(blow: Blow): Promise<void> {
    switch (blow.kind) {
      case 'at a step':
        return this.#atStep(blow);
      case 'at a random moment':
        await wait(blow.afterMs);
        return this.#killAtRandom(blow.slots);
      case 'in a migration':
        return this.#inMigration(blow.slot);
      case 'stall':
        return this.#stall(blow.slot, blow.step);
    }
  }

  async #atStep({ slot, step, letBy }: Extract<Blow, { readonly kind: 'at a step' }>): Promise<void> {
    // Which of the two gets there first with a switch is not for one of them to say.
    const armed = switchSteps.includes(step) ? ([0, 1] as const) : [slot];
    for (const each of armed) this.#shops.of(each).setFuse({ step, letBy, fate: { kind: 'die' } });
    const stopPreparing = await this.#prepare(slot, step);
    const died = await within(
      patienceInMs,
      Promise.race(armed.map((each) => this.#shops.of(each).ended.then(() => each))),
    );
    for (const each of armed) this.#shops.of(each).setFuse(undefined);
    if (died === undefined) await this.#killAtRandom([slot]);
    else {
      this.#tally.kill(step, commandSteps.includes(step) || this.#shops.inFlight(died) > 0);
      await this.#standUp(died);
    }
    await stopPreparing();
  }

  /** Makes happen what would otherwise hardly ever. Resolves with what puts it in order again. */
  async #prepare(slot: Slot, step: Step): Promise<() => Promise<void>> {
    if (step === 'in a rebuild' || switchSteps.includes(step)) await this.#operator.rebuild(slot);
    if (step !== 'after parking' && step !== 'after a parked message') return async () => {};
    const projection = await this.#operator.break(slot);
    await wait(brokenForMs);
    // With the process the switch is gone too; where it did not die, it is mended.
    await this.#operator.mend(slot, projection);
    return () => this.#operator.retryAll(slot, projection);
  }

  async #inMigration(slot: Slot): Promise<void> {
    this.#countAtRandom(slot);
    await this.#kill(slot);
    this.#shops.migrations += 1;
    await this.#shops.restart(slot, { step: 'in a migration', letBy: 0, fate: { kind: 'die' } });
    const { signal } = await this.#shops.of(slot).ended;
    if (signal === 'SIGKILL') this.#tally.kill('in a migration', false);
    await this.#standUp(slot);
  }

  async #stall(slot: Slot, step: Step): Promise<void> {
    const stalled = this.#shops.stalled(slot).then(() => true);
    this.#shops.of(slot).setFuse({ step, letBy: 3, fate: { kind: 'stall', forMs: stallInMs } });
    if ((await within(patienceInMs + stallInMs, stalled)) === true) this.#tally.stalls += 1;
  }

  async #killAtRandom(slots: readonly Slot[]): Promise<void> {
    for (const slot of slots) this.#countAtRandom(slot);
    await Promise.all(slots.map((slot) => this.#kill(slot)));
    await Promise.all(slots.map((slot) => this.#standUp(slot)));
  }

  #countAtRandom(slot: Slot): void {
    this.#tally.kill('at a random moment', this.#shops.inFlight(slot) > 0);
  }

  async #kill(slot: Slot): Promise<void> {
    this.#shops.down(slot);
    await this.#shops.of(slot).kill();
  }

  async #standUp(slot: Slot): Promise<void> {
    this.#shops.down(slot);
    await this.#shops.restart(slot);
    if (this.#shops.urlOf(slot) !== undefined) return;
    throw new Error(`A shop did not stand up again: ${this.#shops.of(slot).output}`);
  }
}
