import { describe, expect, it } from 'vitest';
import { MoveStock } from './move-stock.js';
import { quantitiesByProduct } from './movements.js';
import { moveStock, noStock, stockAfter } from './stock-ledger.js';

const move = (change: number) => new MoveStock({ productCode: '71053', change, cause: '536365' });

describe('the stock ledger', () => {
  it('may go below zero, for it begins with nothing', () => {
    expect(moveStock(move(-6), noStock)).toMatchObject({ change: -6, onHand: -6, cause: '536365' });
  });

  it('goes on from where it was', () => {
    const moved = moveStock(move(-6), 10);
    expect(moveStock(move(1), stockAfter(10, moved)).onHand).toBe(5);
  });

  it('moves nothing by nothing', () => {
    expect(() => move(0)).toThrow(expect.objectContaining({ code: 'invalid-message' }));
  });

  it('moves a product that stands on several lines of an order once', () => {
    const line = { productCode: '71053', description: '', quantity: 6, price: '1' };
    const lines = [line, { ...line, productCode: '22423', quantity: 1 }, { ...line, quantity: 2 }];
    expect([...quantitiesByProduct(lines)]).toEqual([
      ['71053', 8],
      ['22423', 1],
    ]);
  });
});
