import type { Finding } from '../finding.js';
import type { Slot } from '../plan.js';
import type { Random } from '../random.js';
import type { Shops } from '../shops.js';
import { ask } from './http.js';
import type { OwnOrder } from './own-order.js';
import type { Record } from './record.js';

export interface ReadYourOwnOptions {
  readonly shops: Shops;
  readonly random: Random;
  readonly record: Record;
  readonly onFinding: (finding: Finding) => void;
}

const attempts = 5;

/** Looks at an order with the receipt of what was done to it last, at either shop. */
export class ReadYourOwn {
  readonly #options: ReadYourOwnOptions;

  constructor(options: ReadYourOwnOptions) {
    this.#options = options;
  }

  async look(
    { orderId, status, customerId }: OwnOrder & { customerId: string },
    after: string,
  ): Promise<void> {
    const { shops, random, record, onFinding } = this.#options;
    const path = `/queries/shop.OrderDetails?orderId=${encodeURIComponent(JSON.stringify(orderId))}`;
    // Shops die, and read models may be late: whoever asks in vain asks again, and in the end lets it be.
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const request = { path, as: customerId, headers: { 'Diptych-After': after } };
      const answer = await ask(shops, random.below(2) as Slot, request);
      if (answer?.status !== 200) continue;
      record.asked += 1;
      const seen = (answer.body as { readonly status?: string } | null)?.status;
      if (seen !== status)
        onFinding({
          kind: 'lost',
          what: `order ${orderId} was ${status}, and read as ${seen} with its receipt`,
        });
      return;
    }
  }
}
