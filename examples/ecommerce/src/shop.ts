import { type App, type AppOptions, bind, createApp, type SnapshotStore } from '@diptych/core';
import { memoryDatabase, memoryTransport } from '@diptych/core/memory';
import { CancelOrderHandler } from './cancel-order/cancel-order-handler.js';
import { CatalogueProjection } from './catalogue/catalogue-projection.js';
import { OfferProductHandler } from './catalogue/offer-product-handler.js';
import { SearchProductsHandler } from './catalogue/search-products-handler.js';
import { CustomerHandler, CustomersHandler } from './customers/customer-handlers.js';
import { CustomersProjection } from './customers/customers-projection.js';
import type { OperatorTools } from './operations/operator-tools.js';
import { OrderDetailsHandler } from './order-details/order-details-handler.js';
import { OrderDetailsProjection } from './order-details/order-details-projection.js';
import { OrderTimelineHandler } from './order-timeline/order-timeline-handler.js';
import { OrderTimelineProjection } from './order-timeline/order-timeline-projection.js';
import { MemoryOrderRepository } from './orders/memory-order-repository.js';
import { OrderRepository } from './orders/order-repository.js';
import { CustomerSalesProjection } from './orders-by-customer/customer-sales-projection.js';
import { OrdersByCustomerHandler } from './orders-by-customer/orders-by-customer-handler.js';
import { OrdersByStatusHandler } from './orders-by-status/orders-by-status-handler.js';
import { PayOrderHandler } from './pay-order/pay-order-handler.js';
import { PlaceOrderHandler } from './place-order/place-order-handler.js';
import { ReturnGoodsHandler } from './return-goods/return-goods-handler.js';
import { SalesByCountryHandler } from './sales/sales-by-country-handler.js';
import { SalesByCountryProjection } from './sales/sales-by-country-projection.js';
import { ShipOrderHandler } from './ship-order/ship-order-handler.js';
import { moveStockHandler } from './stock/move-stock-handler.js';
import { KeepInStock, PutBackInStock, TakeFromStock } from './stock/stock-keeping.js';
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
      OfferProductHandler,
      PlaceOrderHandler,
      PayOrderHandler,
      ShipOrderHandler,
      CancelOrderHandler,
      ReturnGoodsHandler,
      TakeFromStock,
      PutBackInStock,
      KeepInStock,
      moveStockHandler(snapshots),
      CatalogueProjection,
      SearchProductsHandler,
      OrderDetailsProjection,
      OrderDetailsHandler,
      OrderTimelineProjection,
      OrderTimelineHandler,
      OrdersByStatusHandler,
      CustomersProjection,
      CustomerHandler,
      CustomersHandler,
      CustomerSalesProjection,
      OrdersByCustomerHandler,
      SalesByCountryProjection,
      SalesByCountryHandler,
      StockLevelsProjection,
      StockLevelsHandler,
    ],
  };
}

/**
 * Makes the shop, kept in memory; `start()` sets it going.
 * @param tools what operators look at it with. Default: nothing is measured, and nothing can be broken.
 */
export function createShop(tools?: OperatorTools): Promise<Shop> {
  const database = memoryDatabase();
  const shop = { ...shopProgram(database.snapshots), database, transport: memoryTransport() };
  return createApp(tools === undefined ? shop : tools.fit(shop));
}
