import { execute, type Receipt } from './api.js';
import { identity } from './identity.js';
import { numberOr } from './quantity.js';
import type { ReturnLine } from './return-lines.js';

interface ReturnedOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly country: string;
}

/** Tells the shop what comes back of an order. */
export function sendReturn(
  { orderId, customerId, country }: ReturnedOrder,
  fields: readonly ReturnLine[],
): Promise<Receipt<{ readonly total: string }>> {
  const lines = fields.map(({ line: { productCode, description, price }, field }) => {
    const quantity = numberOr(field.value);
    // Credit notes have quantities below zero; people write how many.
    return { productCode, description, price, quantity: typeof quantity === 'number' ? -quantity : quantity };
  });
  const data = { orderId, customerId, country, lines };
  return execute('shop.ReturnGoods', data, identity(), crypto.randomUUID());
}
