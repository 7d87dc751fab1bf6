import { execute, type Receipt, ShopProblem } from './api.js';
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
  return execute<{ readonly total: string }>('shop.ReturnGoods', data, identity(), crypto.randomUUID()).catch(
    (error: unknown) => {
      throw inPeoplesWords(error, fields);
    },
  );
}

/** People count what comes back upwards: of signs that they did not write they should not read. */
function inPeoplesWords(error: unknown, fields: readonly ReturnLine[]): unknown {
  if (!(error instanceof ShopProblem) || error.code !== 'quantity') return error;
  const { code, path } = error;
  const typed = numberOr(fields[Number(path[1])]?.field.value ?? '');
  if (typeof typed !== 'number' || typed > 0) return error;
  return new ShopProblem({ code, detail: 'Must be above zero.', path });
}
