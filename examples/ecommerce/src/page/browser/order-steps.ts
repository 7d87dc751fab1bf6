import { execute, type Receipt, ShopProblem } from './api.js';
import { identity, isOperator } from './identity.js';
import type { OrderStatus } from './order-data.js';

export type Step = 'pay' | 'ship' | 'cancel';

const commands: Readonly<Record<Step, string>> = {
  pay: 'shop.PayOrder',
  ship: 'shop.ShipOrder',
  cancel: 'shop.CancelOrder',
};

export const stepNames: Readonly<Record<Step, string>> = { pay: 'Pay', ship: 'Ship', cancel: 'Cancel' };

/** What can be done with an order that stands so. The shop decides; this only hides what it would refuse. */
export function stepsFor(status: OrderStatus): readonly Step[] {
  if (status === 'placed') return ['pay', 'cancel'];
  if (status === 'paid') return isOperator() ? ['ship', 'cancel'] : ['cancel'];
  return [];
}

// A step whose answer got lost is sent again under its key, and done once.
const keys = new Map<string, string>();

export async function takeStep(
  step: Step,
  data: { readonly orderId: string; readonly reason?: string },
): Promise<Receipt<{ readonly status: OrderStatus }>> {
  const attempt = `${step} ${JSON.stringify(data)} ${identity()}`;
  const key = keys.get(attempt) ?? crypto.randomUUID();
  keys.set(attempt, key);
  try {
    const receipt = await execute<{ readonly status: OrderStatus }>(commands[step], data, identity(), key);
    keys.delete(attempt);
    return receipt;
  } catch (error) {
    if (!(error instanceof ShopProblem && error.code === 'unreachable')) keys.delete(attempt);
    throw error;
  }
}
