import { RefusedError } from '@diptych/core';
import type { Order, OrderStatus } from './order.js';

interface Step {
  readonly from: readonly OrderStatus[];
  readonly to: OrderStatus;
  readonly refusal: string;
  readonly rule: string;
}

/** What may become of an order, and out of which status. */
const steps = {
  pay: { from: ['placed'], to: 'paid', refusal: 'not-payable', rule: 'Only a placed order can be paid' },
  ship: { from: ['paid'], to: 'shipped', refusal: 'not-shippable', rule: 'Only a paid order can be shipped' },
  cancel: {
    from: ['placed', 'paid'],
    to: 'cancelled',
    refusal: 'not-cancellable',
    rule: 'Only an order that is not shipped yet can be cancelled',
  },
  return: {
    from: ['shipped'],
    to: 'returned',
    refusal: 'not-returnable',
    rule: 'Only what was shipped can come back',
  },
} as const satisfies Readonly<Record<string, Step>>;

export type StepName = keyof typeof steps;

/**
 * The order behind the step. Of two that are taken at the same time the second finds what the first has made.
 * @throws RefusedError `not-payable`, `not-shippable`, `not-cancellable`, `not-returnable`.
 */
export function takeStep(order: Order, name: StepName): Order {
  requireStep(order, name);
  return { ...order, status: steps[name].to, version: order.version + 1 };
}

/** @throws RefusedError as `takeStep` does. */
export function requireStep({ orderId, status }: Order, name: StepName): void {
  const { from, refusal, rule }: Step = steps[name];
  if (from.includes(status)) return;
  throw new RefusedError(refusal, `${rule}; order ${orderId} is ${status}.`, {
    details: { orderId, status },
  });
}
