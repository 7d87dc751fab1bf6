import { deciderScenario } from '@diptych/testing';
import { describe, expect, it } from 'vitest';
import { MoveStock } from './move-stock.js';
import { movementsOf } from './movements.js';
import { stockLedger } from './stock-ledger.js';
import { StockMoved } from './stock-moved.js';

const move = (change: number) => new MoveStock({ productCode: '71053', change, cause: '536365' });
const moved = (change: number, onHand: number) =>
  new StockMoved({ productCode: '71053', change, onHand, cause: '536365' });

describe('the stock ledger', () => {
  // #region scenario
  it('may go below zero, for it begins with nothing', () =>
    deciderScenario(stockLedger).given().when(move(-6)).thenEvents(moved(-6, -6)));

  it('goes on from where it was', () =>
    deciderScenario(stockLedger).given(moved(10, 10), moved(-6, 4)).when(move(1)).thenEvents(moved(1, 5)));
  // #endregion

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
