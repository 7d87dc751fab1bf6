import { setTimeout as wait } from 'node:timers/promises';
import type { Finding } from '../finding.js';
import type { Slot } from '../plan.js';
import type { Random } from '../random.js';
import type { Shops } from '../shops.js';
import { ask } from './http.js';
import type { Record } from './record.js';

export interface OnlookerOptions {
  readonly shops: Shops;
  readonly random: Random;
  readonly record: Record;
  readonly onFinding: (finding: Finding) => void;
}

/** Reads the timelines of orders all the time, of anybody and at either shop: they only ever grow. */
export class Onlooker {
  readonly #options: OnlookerOptions;
  readonly #seen = new Map<string, number>();

  constructor(options: OnlookerOptions) {
    this.#options = options;
  }

  async look(until: AbortSignal): Promise<void> {
    const { random, record } = this.#options;
    while (!until.aborted) {
      // Of late ones more is to come.
      const known = record.known.slice(-60);
      if (known.length > 0) await this.#lookAt(random.pick(known).orderId);
      await wait(5);
    }
  }

  async #lookAt(orderId: string): Promise<void> {
    const { shops, random, record, onFinding } = this.#options;
    const path = `/queries/shop.OrderTimeline?orderId=${encodeURIComponent(JSON.stringify(orderId))}`;
    const answer = await ask(shops, random.below(2) as Slot, { path, as: 'operator' });
    if (answer?.status !== 200) return;
    record.asked += 1;
    const timeline = answer.body as { readonly entries?: readonly unknown[] } | null;
    const entries = timeline?.entries?.length ?? 0;
    const seen = this.#seen.get(orderId) ?? 0;
    if (entries < seen)
      onFinding({ kind: 'lost', what: `order ${orderId} read with ${entries} entries after ${seen}` });
    this.#seen.set(orderId, Math.max(entries, seen));
  }
}
