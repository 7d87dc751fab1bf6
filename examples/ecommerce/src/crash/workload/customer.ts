import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../random.js';
import { type Line, nextStatus, type OwnOrder, type Wanted, wantedOf } from './own-order.js';
import type { ReadYourOwn } from './read-your-own.js';
import type { Record } from './record.js';
import type { Sender, Sent } from './sender.js';

export interface CustomerOptions {
  readonly customerId: string;
  readonly random: Random;
  readonly sender: Sender;
  readonly readYourOwn: ReadYourOwn;
  readonly record: Record;
  readonly onFinding: (finding: { readonly kind: 'lost' | 'duplicated'; readonly what: string }) => void;
}

const products = ['22086', '22423', '71053', '84406B', '84879', '85123A', 'crash-1', 'crash-2'] as const;
const countries = ['France', 'Germany', 'United Kingdom'] as const;

/**
 * Somebody who orders, pays, calls off and gives back, one thing after the other. Nobody else touches these orders,
 * so what must come of each command is known.
 */
export class Customer {
  readonly #options: CustomerOptions;
  readonly #country: string;
  #orders: OwnOrder[] = [];
  #keys = 0;

  constructor(options: CustomerOptions) {
    this.#options = options;
    this.#country = options.random.pick(countries);
  }

  async shop(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      const isNew = this.#orders.length === 0 || this.#options.random.chance(0.35);
      if (isNew) await this.#place();
      else await this.#goOn(this.#options.random.pick(this.#orders));
      await wait(this.#options.random.below(40));
    }
  }

  async #place(): Promise<void> {
    const { customerId, record } = this.#options;
    const lines = this.#lines();
    const body = { customerId, country: this.#country, lines };
    const placed = await this.#send('shop.PlaceOrder', body);
    if (placed === undefined) return;
    const { orderId } = placed.result as { readonly orderId: string };
    const order: OwnOrder = { orderId, status: 'placed', lines, returned: 0 };
    // Old ones are left alone, so that one's orders do not grow without end.
    this.#orders = [...this.#orders, order].slice(-20);
    record.known.push({ orderId, customerId });
    if (this.#options.random.chance(0.2)) await this.#look(order, placed);
  }

  async #goOn(order: OwnOrder): Promise<void> {
    const wanted = this.#options.random.pick(wantedOf(order));
    const { customerId } = this.#options;
    const sent = await this.#send(wanted.name, { ...wanted.body(this.#country, customerId) }, wanted);
    if (sent === undefined) return;
    order.status = nextStatus(order, wanted);
    if (wanted.name === 'shop.ReturnGoods') order.returned += 1;
    if (this.#options.random.chance(0.2)) await this.#look(order, sent);
  }

  /** Whose outcome is not the one that must be. */
  async #send(name: string, body: unknown, wanted?: Wanted): Promise<(Sent & { kind: 'done' }) | undefined> {
    const { customerId, sender, onFinding } = this.#options;
    const key = `${customerId}-${++this.#keys}`;
    const as = name === 'shop.ShipOrder' ? 'operator' : customerId;
    const sent = await sender.send({ name, body, as, key }, customerId);
    if (sent.kind === 'done') {
      if (wanted?.refusal !== undefined)
        onFinding({ kind: 'duplicated', what: `${name} under key ${key} ran, and must have been refused` });
      return sent;
    }
    if (sent.code !== wanted?.refusal) {
      const what = `${name} under key ${key} was refused (${sent.code}): it ran before, or what it builds on is gone`;
      onFinding({ kind: 'duplicated', what });
    }
    return undefined;
  }

  #look(order: OwnOrder, { consistency }: Sent): Promise<void> {
    return this.#options.readYourOwn.look(
      { ...order, customerId: this.#options.customerId },
      consistency ?? '',
    );
  }

  #lines(): readonly Line[] {
    return Array.from({ length: 1 + this.#options.random.below(3) }, () => ({
      productCode: this.#options.random.pick(products),
      description: 'Something to order',
      quantity: 2 + this.#options.random.below(5),
      price: `${1 + this.#options.random.below(9)}.${10 + this.#options.random.below(90)}`,
    }));
  }
}
