import { bind } from '@diptych/core';
import { commandScenario, inStream } from '@diptych/testing';
import { describe, it } from 'vitest';
import { MemoryOrderRepository } from '../orders/memory-order-repository.js';
import { OrderRepository } from '../orders/order-repository.js';
import { GoodsReturned } from './goods-returned.js';
import { ReturnGoods } from './return-goods.js';
import { ReturnGoodsHandler } from './return-goods-handler.js';

const program = {
  handlers: [ReturnGoodsHandler],
  messages: [GoodsReturned],
  provide: [bind(OrderRepository, new MemoryOrderRepository())],
};
const bird = { productCode: '84832', description: 'Glass bird', quantity: -2, price: '1.25' };
const returnedAt = '2010-12-01T09:41:00Z';
const asked = { customerId: '14527', country: 'France', returnedAt, lines: [bird] };
const id = 'C536379';
const returned = new GoodsReturned({
  ...asked,
  returnId: id,
  lines: [{ ...bird, quantity: 2 }],
  total: '2.5',
});

describe('returning goods', () => {
  it('tells the shop how many came back, with no earlier order', () =>
    commandScenario(program).when(new ReturnGoods(asked), { id }).thenEvents(returned));

  it('is refused when it was taken before and that is forgotten', () =>
    commandScenario(program)
      .given(inStream(`return-${id}`, returned))
      .when(new ReturnGoods(asked), { id })
      .thenFails('return-exists'));

  it('is refused by a quantity above zero', () =>
    commandScenario(program)
      .when(new ReturnGoods({ ...asked, lines: [{ ...bird, quantity: 2 }] }))
      .thenFails('quantity'));
});
