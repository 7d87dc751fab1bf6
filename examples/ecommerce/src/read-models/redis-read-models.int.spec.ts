import { fileURLToPath } from 'node:url';
import { findRedis, startRedis } from '@diptych/azure-emulators';
import { describe, expect, it } from 'vitest';
import { OrderDetails } from '../order-details/order-details.js';
import { OrdersByCustomer } from '../orders-by-customer/orders-by-customer.js';
import { PlaceOrder } from '../place-order/place-order.js';
import { createShop } from '../shop.js';
import { memoryStorage } from '../storage/memory-storage.js';
import { redisReadModels } from './redis-read-models.js';

const cacheFolder = fileURLToPath(new URL('../../../../.cache', import.meta.url));
const program = await findRedis({ cacheFolder });
const customer = { subject: { id: '17850', roles: ['customer'] } };

describe.skipIf(program === undefined)(
  `the shop with its order details in Redis${program ? '' : ', not run: no Redis'}`,
  () => {
    it('promise 5: shows an order to whoever placed it, from Redis', async () => {
      const redis = await startRedis(program!);
      const readModels = await redisReadModels(redis.url);
      const storage = memoryStorage();
      const shop = await createShop({ storage, readModels });
      await shop.start();
      try {
        const lines = [{ productCode: '71053', description: 'LANTERN', quantity: 2, price: '3.39' }];
        const { result, consistency: after } = await shop.commands.dispatch(
          new PlaceOrder({ customerId: '17850', country: 'France', lines }),
          customer,
        );
        const { orderId } = result;
        const details = await shop.queries.execute(new OrderDetails({ orderId }), { ...customer, after });
        expect(details).toMatchObject({ orderId, status: 'placed', lines: [{ productCode: '71053' }] });
        const listed = await shop.queries.execute(new OrdersByCustomer({ customerId: '17850' }), {
          ...customer,
          after,
        });
        expect(listed.orders).toMatchObject([{ orderId, lines: 1 }]);
        expect(await readModels.stores['order-details']!.list('order-details')).toMatchObject([
          { state: 'serving' },
        ]);
        expect(await storage.database.readModels!.list('order-details')).toEqual([]);
      } finally {
        await shop.stop();
        await readModels.close();
        await redis.stop();
      }
    });
  },
);
