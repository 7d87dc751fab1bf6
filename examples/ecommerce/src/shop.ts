import { type App, type AppOptions, bind, createApp, type SnapshotStore } from '@diptych/core';
import { memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { OrderDetailsHandler } from './order-details/order-details-handler.js';
import { OrderDetailsProjection } from './order-details/order-details-projection.js';
import { CustomerSalesProjection } from './orders-by-customer/customer-sales-projection.js';
import { OrdersByCustomerHandler } from './orders-by-customer/orders-by-customer-handler.js';
import { MemoryOrderRepository } from './place-order/memory-order-repository.js';
import { OrderRepository } from './place-order/order-repository.js';
import { PlaceOrderHandler } from './place-order/place-order-handler.js';
import { ReturnGoodsHandler } from './return-goods/return-goods-handler.js';
import { SalesByCountryHandler } from './sales/sales-by-country-handler.js';
import { SalesByCountryProjection } from './sales/sales-by-country-projection.js';
import { moveStockHandler } from './stock/move-stock-handler.js';
import { PutBackInStock, TakeFromStock } from './stock/stock-keeping.js';
import { StockLevelsHandler } from './stock/stock-levels-handler.js';
import { StockLevelsProjection } from './stock/stock-levels-projection.js';

export type Shop = App;

/**
 * What the shop does, apart from where it keeps its state.
 * @param snapshots where the states of long streams are kept; without, they are always read from the beginning.
 */
export function shopProgram(snapshots?: SnapshotStore): Pick<AppOptions, 'name' | 'provide' | 'handlers'> {
  return {
    name: 'shop',
    provide: [bind(OrderRepository, new MemoryOrderRepository())],
    handlers: [
      PlaceOrderHandler,
      ReturnGoodsHandler,
      TakeFromStock,
      PutBackInStock,
      moveStockHandler(snapshots),
      OrderDetailsProjection,
      OrderDetailsHandler,
      CustomerSalesProjection,
      OrdersByCustomerHandler,
      SalesByCountryProjection,
      SalesByCountryHandler,
      StockLevelsProjection,
      StockLevelsHandler,
    ],
  };
}

/** Makes the shop, kept in memory; `start()` sets it going. */
export function createShop(): Promise<Shop> {
  const database = memoryDatabase();
  return createApp({ ...shopProgram(database.snapshots), database, transport: memoryTransport() });
}
