import { PlaceOrder } from '../place-order/place-order.js';
import { ReturnGoods } from '../return-goods/return-goods.js';
import type { Invoice } from './invoice-file.js';
import type { InvoiceLine, LineFault } from './invoice-line.js';

/** Credit notes of the file are returns. */
export function isReturn(invoiceNumber: string): boolean {
  return invoiceNumber.startsWith('C');
}

/** The one command that an invoice stands for. */
export function commandOf(invoiceNumber: string, lines: readonly InvoiceLine[]): PlaceOrder | ReturnGoods {
  const first = lines[0]!;
  const asked = {
    // Without a customer on one of its lines it has none.
    customerId: lines.some(({ CustomerID }) => CustomerID === '') ? '' : first.CustomerID,
    country: first.Country,
    lines: lines.map(({ StockCode, Description, Quantity, UnitPrice }) => ({
      productCode: StockCode,
      description: Description,
      quantity: Quantity,
      price: UnitPrice,
    })),
  };
  return isReturn(invoiceNumber)
    ? new ReturnGoods({ ...asked, returnedAt: first.InvoiceDate })
    : new PlaceOrder({ ...asked, placedAt: first.InvoiceDate });
}

/** A line that cannot be of the same invoice as the first one: another customer, another country. */
export function contradictionIn({ lines }: Invoice): LineFault | undefined {
  const customers = lines.filter(({ CustomerID }) => CustomerID !== '');
  return differing(customers, 'CustomerID') ?? differing(lines, 'Country');
}

function differing(lines: readonly InvoiceLine[], column: 'CustomerID' | 'Country'): LineFault | undefined {
  const other = lines.find((line) => line[column] !== lines[0]?.[column]);
  if (other === undefined) return undefined;
  return {
    line: other.line,
    reason: `${column} '${other[column]}' differs from that of line ${lines[0]?.line}`,
  };
}
