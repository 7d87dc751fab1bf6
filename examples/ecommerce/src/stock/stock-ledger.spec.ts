import { describe, expect, it } from 'vitest';
import { MoveStock } from './move-stock.js';
import { movementsOf } from './movements.js';
import { stockLedger } from './stock-ledger.js';

const move = (change: number) => new MoveStock({ productCode: '71053', change, cause: '536365' });
const decide = (change: number, onHand = stockLedger.initialState()) =>
  stockLedger.decide(move(change), onHand);

describe('the stock ledger', () => {
  it('may go below zero, for it begins with nothing', () => {
    expect(decide(-6)).toMatchObject([{ productCode: '71053', change: -6, onHand: -6, cause: '536365' }]);
  });

  it('goes on from where it was', () => {
    const onHand = decide(-6, 10).reduce(stockLedger.evolve, 10);
    expect(decide(1, onHand)).toMatchObject([{ onHand: 5 }]);
  });

  it('moves nothing by nothing', () => {
    expect(() => move(0)).toThrow(expect.objectContaining({ code: 'invalid-message' }));
  });

  it('moves a product that stands on several lines of an order once', () => {
    const line = { productCode: '71053', description: '', quantity: 6, price: '1' };
    const lines = [line, { ...line, productCode: '22423', quantity: 1 }, { ...line, quantity: 2 }];
    expect(movementsOf(lines, -1, '536365')).toMatchObject([
      { productCode: '71053', change: -8, cause: '536365' },
      { productCode: '22423', change: -1, cause: '536365' },
    ]);
    expect(movementsOf(lines, 1, 'C1')).toMatchObject([{ change: 8 }, { change: 1 }]);
  });
});
