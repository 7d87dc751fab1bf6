import { describe, expect, it } from 'vitest';
import { type Order, type OrderStatus, orderStatuses } from './order.js';
import { type StepName, takeStep } from './order-steps.js';

const inStatus = (status: OrderStatus): Order => ({
  orderId: '1',
  customerId: '17850',
  country: 'France',
  placedAt: '2010-12-01T08:26:00Z',
  total: '1',
  lines: [],
  version: 3,
  status,
});

const legal: Readonly<Record<StepName, Partial<Record<OrderStatus, OrderStatus>>>> = {
  pay: { placed: 'paid' },
  ship: { paid: 'shipped' },
  cancel: { placed: 'cancelled', paid: 'cancelled' },
  return: { shipped: 'returned' },
};
const refusals = {
  pay: 'not-payable',
  ship: 'not-shippable',
  cancel: 'not-cancellable',
  return: 'not-returnable',
};

const all = (Object.keys(legal) as StepName[]).flatMap((step) =>
  orderStatuses.map((status) => [step, status] as const),
);

describe('what may become of an order', () => {
  it.each(all)('%s, when it is %s: leads on, or is refused and says why', (step, status) => {
    const to = legal[step][status];
    if (to !== undefined) {
      expect(takeStep(inStatus(status), step)).toEqual({ ...inStatus(to), version: 4 });
      return;
    }
    expect(() => takeStep(inStatus(status), step)).toThrow(
      expect.objectContaining({ code: refusals[step], details: { orderId: '1', status } }),
    );
  });
});
