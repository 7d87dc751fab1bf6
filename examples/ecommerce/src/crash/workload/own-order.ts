export interface Line {
  readonly productCode: string;
  readonly description: string;
  readonly quantity: number;
  readonly price: string;
}

/** What a customer knows of an order, being the only one who touches it. */
export interface OwnOrder {
  readonly orderId: string;
  readonly lines: readonly Line[];
  status: 'placed' | 'paid' | 'shipped' | 'cancelled';
  /** How many returns of one piece there were. */
  returned: number;
}

/** A command on an order, and what must come of it. */
export interface Wanted {
  readonly name: 'shop.PayOrder' | 'shop.ShipOrder' | 'shop.CancelOrder' | 'shop.ReturnGoods';
  readonly body: (country: string, customerId: string) => object;
  /** The code by which it must be refused; absent when it must be done. */
  readonly refusal?: string;
}

/** What may be sent about an order now: what goes on, and what must be refused. */
export function wantedOf(order: OwnOrder): readonly Wanted[] {
  const { orderId, status } = order;
  const of = (name: Wanted['name'], refusal?: string): Wanted => ({
    name,
    body: () => ({ orderId }),
    ...(refusal !== undefined && { refusal }),
  });
  switch (status) {
    case 'placed':
      return [of('shop.PayOrder'), of('shop.PayOrder'), of('shop.PayOrder'), of('shop.CancelOrder')];
    case 'paid':
      return [
        of('shop.ShipOrder'),
        of('shop.ShipOrder'),
        of('shop.CancelOrder'),
        of('shop.PayOrder', 'not-payable'),
      ];
    case 'shipped':
      return order.returned < order.lines[0]!.quantity - 1
        ? [pieceOf(order), of('shop.CancelOrder', 'not-cancellable')]
        : [of('shop.ShipOrder', 'not-shippable')];
    case 'cancelled':
      return [of('shop.PayOrder', 'not-payable')];
  }
}

export function nextStatus({ status }: OwnOrder, { name }: Wanted): OwnOrder['status'] {
  if (name === 'shop.PayOrder') return 'paid';
  if (name === 'shop.ShipOrder') return 'shipped';
  if (name === 'shop.CancelOrder') return 'cancelled';
  return status;
}

function pieceOf({ orderId, lines }: OwnOrder): Wanted {
  return {
    name: 'shop.ReturnGoods',
    body: (country, customerId) => ({
      orderId,
      country,
      customerId,
      lines: [{ ...lines[0], quantity: -1 }],
    }),
  };
}
