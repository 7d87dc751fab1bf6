import { describe, expect, it } from 'vitest';
import { figuresFromCsv, unitsOf } from './figures-from-csv.js';

const csv = `InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,A,"LANTERN, ""RED""",2,2010-12-01T08:26:00Z,1.005,17850,France
1,B,BIRD,1,2010-12-01T08:26:00Z,3,17850,France
2,A,LANTERN,1,2010-12-01T08:26:00Z,1,,France
3,A,LANTERN,0,2010-12-01T08:26:00Z,1,17850,France
4,A,LANTERN,1,2010-12-01T08:26:00Z,0.0,17850,France
C5,A,LANTERN,-3,2010-12-01T08:26:00Z,2,17850,Spain
`;

describe('the independent check', () => {
  it('computes what a file comes to', () => {
    const figures = figuresFromCsv(csv);
    expect(figures).toMatchObject({
      accepted: 1,
      returned: 1,
      rejected: { 'no-customer': 1, quantity: 1, price: 1 },
    });
    expect(figures.byCountry).toEqual(
      new Map([
        ['France', { orders: 1n, gross: unitsOf('5.01'), returned: 0n }],
        ['Spain', { orders: 0n, gross: 0n, returned: unitsOf('6') }],
      ]),
    );
    expect(figures.byCustomer).toEqual(
      new Map([['17850', { orders: 1n, gross: unitsOf('5.01'), returned: unitsOf('6') }]]),
    );
    expect(figures.stock).toEqual(
      new Map([
        ['A', 1n],
        ['B', -1n],
      ]),
    );
  });

  it('rounds nothing', () => {
    expect(() => unitsOf('0.0000000000001')).toThrow();
  });
});
