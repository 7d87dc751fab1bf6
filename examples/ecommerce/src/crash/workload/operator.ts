import type { Slot } from '../plan.js';
import type { Random } from '../random.js';
import type { Shops } from '../shops.js';
import { ask } from './http.js';

const projections = [
  'order-details',
  'order-list',
  'order-timeline',
  'customers',
  'customer-sales',
  'sales-by-country',
  'stock-levels',
] as const;

/** Does what makes rare steps happen: rebuilds read models, breaks and mends projections, retries what is parked. */
export class Operator {
  readonly #shops: Shops;
  readonly #random: Random;
  readonly #rebuilt = new Map<string, number>();

  constructor(shops: Shops, random: Random) {
    this.#shops = shops;
    this.#random = random;
  }

  async rebuild(slot: Slot): Promise<void> {
    const projection = this.#random.pick(projections);
    this.#rebuilt.set(projection, (this.#rebuilt.get(projection) ?? 0) + 1);
    await this.#act(slot, { action: 'rebuild', projection });
  }

  /** What one of its projections is to handle parks until `mend`. Resolves with its name. */
  async break(slot: Slot): Promise<string> {
    const projection = this.#random.pick(projections);
    await this.#act(slot, { action: 'break', projection });
    return projection;
  }

  async mend(slot: Slot, projection: string): Promise<void> {
    await this.#act(slot, { action: 'mend', projection });
    await this.retryAll(slot, projection);
  }

  /** Whichever of its copies is fed by now. */
  async retryAll(slot: Slot, projection: string): Promise<void> {
    const names = [`${projection}/v1`];
    const last = 1 + (this.#rebuilt.get(projection) ?? 0);
    for (let generation = 2; generation <= last; generation += 1)
      names.push(`${projection}/v1/g${generation}`);
    for (const subscription of names) await this.#act(slot, { action: 'retry-all', subscription });
  }

  async #act(slot: Slot, action: object): Promise<void> {
    await ask(this.#shops, slot, { path: '/operations/actions', as: 'operator', body: action });
  }
}
