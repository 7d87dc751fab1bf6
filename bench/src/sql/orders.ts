import mssql from 'mssql';

export interface OrderData {
  readonly orderId: string;
  readonly customer: string;
  readonly total: string;
  readonly product: string;
  readonly quantity: number;
}

export function orderNumber(number: number): OrderData {
  return {
    orderId: `${number}`,
    customer: `customer-${number % 1_000}`,
    total: '20.34',
    product: '71053',
    quantity: 6,
  };
}

/** The program's own two rows: ours in a request of its own, the twin's together with all else. */
export function insertRows(schema: string): string {
  return `INSERT INTO [${schema}].[orders] (id, customer, total) VALUES (@id, @customer, @total);
    INSERT INTO [${schema}].[order_lines] (order_id, line, product, quantity) VALUES (@id, 1, @product, @quantity);`;
}

export function bindRows(
  request: mssql.Request,
  { orderId, customer, total, product, quantity }: OrderData,
): mssql.Request {
  return request
    .input('id', mssql.NVarChar(50), orderId)
    .input('customer', mssql.NVarChar(50), customer)
    .input('total', mssql.VarChar(50), total)
    .input('product', mssql.NVarChar(50), product)
    .input('quantity', mssql.Int, quantity);
}
