import { z } from 'zod';

/** The schema with three fields that both chains validate against. */
export const placeOrderSchema = z.object({
  orderId: z.string(),
  customerId: z.string(),
  quantity: z.number(),
});

export type PlaceOrderData = z.infer<typeof placeOrderSchema>;

/** What a caller hands in: made anew for each call, as a caller would. */
export const input = (): PlaceOrderData => ({ orderId: 'order-1', customerId: 'customer-1', quantity: 3 });

/** The policy of both chains: it looks at the message and at who asks. */
export function mayOrder(
  order: PlaceOrderData,
  { subject }: { readonly subject: { readonly id: string } },
): boolean {
  return order.quantity > 0 && subject.id !== 'banned';
}

/** Counts the log lines and keeps nothing, so that no chain pays for where they go. */
export class CountingLogger {
  lines = 0;
  last: Readonly<Record<string, unknown>> = {};

  readonly debug = (_message: string, fields: Readonly<Record<string, unknown>>): void => {
    this.lines++;
    this.last = fields;
  };
  readonly info = this.debug;
  readonly warn = this.debug;
  readonly error = this.debug;
}
