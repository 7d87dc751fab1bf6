import { command } from '@diptych/core';
import { z } from 'zod';
import { orderIdentifier, orderReply } from '../orders/order-schemas.js';

const shipOrder = z.strictObject({ orderId: orderIdentifier });

/** The goods leave the house. Only operators see to that. */
export class ShipOrder extends command('shop.ShipOrder', shipOrder).returns(orderReply) {}
