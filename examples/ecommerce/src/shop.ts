import {
  type App,
  type AppOptions,
  bind,
  createApp,
  type Role,
  type SnapshotStore,
  type SubscriptionSettings,
} from '@diptych/core';
import { noBrokers, type ShopBrokers } from './brokers/shop-brokers.js';
import { CancelOrderHandler } from './cancel-order/cancel-order-handler.js';
import { CatalogueProjection } from './catalogue/catalogue-projection.js';
import { DeclaredIndexSearch } from './catalogue/declared-index-search.js';
import { OfferProductHandler } from './catalogue/offer-product-handler.js';
import { ProductSearch } from './catalogue/product-search.js';
import { SearchProductsHandler } from './catalogue/search-products-handler.js';
import { CustomerHandler, CustomersHandler } from './customers/customer-handlers.js';
import { CustomersProjection } from './customers/customers-projection.js';
import type { OperatorTools } from './operations/operator-tools.js';
import { OrderDetailsHandler } from './order-details/order-details-handler.js';
import { OrderDetailsProjection } from './order-details/order-details-projection.js';
import { OrderListProjection } from './order-list/order-list-projection.js';
import { OrderTimelineHandler } from './order-timeline/order-timeline-handler.js';
import { OrderTimelineProjection } from './order-timeline/order-timeline-projection.js';
import { MemoryOrderRepository } from './orders/memory-order-repository.js';
import { OrderRepository } from './orders/order-repository.js';
import { CustomerSalesProjection } from './orders-by-customer/customer-sales-projection.js';
import { OrdersByCustomerHandler } from './orders-by-customer/orders-by-customer-handler.js';
import { OrdersByStatusHandler } from './orders-by-status/orders-by-status-handler.js';
import { PayOrderHandler } from './pay-order/pay-order-handler.js';
import { PlaceOrderHandler } from './place-order/place-order-handler.js';
import { noReadModels, type ShopReadModels } from './read-models/shop-read-models.js';
import { ReturnGoodsHandler } from './return-goods/return-goods-handler.js';
import { SalesByCountryHandler } from './sales/sales-by-country-handler.js';
import { SalesByCountryProjection } from './sales/sales-by-country-projection.js';
import { ShipOrderHandler } from './ship-order/ship-order-handler.js';
import { moveStockHandler } from './stock/move-stock-handler.js';
import { KeepInStock, PutBackInStock, TakeFromStock } from './stock/stock-keeping.js';
import { StockLevelsHandler } from './stock/stock-levels-handler.js';
import { StockLevelsProjection } from './stock/stock-levels-projection.js';
import { memoryStorage } from './storage/memory-storage.js';
import type { ShopStorage } from './storage/shop-storage.js';

export type Shop = App;

/** What the shop's handlers need of the place where its state is kept. */
export interface ShopStores {
  readonly orders: OrderRepository;
  /** Where the states of long streams are kept; without, they are always read from the beginning. */
  readonly snapshots?: SnapshotStore | undefined;
  /** How products are found. Default: by the catalogue's own index. */
  readonly productSearch?: ProductSearch | undefined;
}

/** What the shop does, apart from where it keeps its state. Default: orders in the memory store's own tables. */
export function shopProgram(
  { orders, snapshots, productSearch = new DeclaredIndexSearch() }: ShopStores = {
    orders: new MemoryOrderRepository(),
  },
): Pick<AppOptions, 'name' | 'provide' | 'handlers'> {
  return {
    name: 'shop',
    provide: [bind(OrderRepository, orders), bind(ProductSearch, productSearch)],
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
      OrderListProjection,
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

export interface ShopParts {
  /** Default: a new one in memory. Who gave it closes it, once the shop has stopped. */
  readonly storage?: ShopStorage;
  /** Default: what the storage has. Who gave them closes them, once the shop has stopped. */
  readonly brokers?: ShopBrokers | undefined;
  /** Default: in the storage. Who gave them closes them, once the shop has stopped. */
  readonly readModels?: ShopReadModels | undefined;
  /** What operators look at it with. Default: nothing is measured, and nothing can be broken. */
  readonly tools?: OperatorTools;
  /** What of it runs in this process. Default: all. */
  readonly roles?: readonly Role[] | undefined;
  readonly subscriptions?: SubscriptionSettings | undefined;
}

/** Makes the shop; `start()` sets it going. */
export function createShop(parts: ShopParts = {}): Promise<Shop> {
  const { storage = memoryStorage(), brokers = noBrokers, readModels = noReadModels } = parts;
  const { tools, roles, subscriptions } = parts;
  const { database, orders } = storage;
  const { transport = storage.transport, queues } = brokers;
  const { snapshots } = database;
  const { stores, productSearch } = readModels;
  const program = { ...shopProgram({ orders, snapshots, productSearch }), readModels: stores };
  const shop = { ...program, database, transport, queues, roles, subscriptions };
  return createApp(tools === undefined ? shop : tools.fit(shop));
}
