import { command } from '@diptych/core';
import { z } from 'zod';
import { orderIdentifier, orderReply } from '../orders/order-schemas.js';

const payOrder = z.strictObject({ orderId: orderIdentifier });

/** The order is paid: by its customer, or entered by an operator. */
export class PayOrder extends command('shop.PayOrder', payOrder).returns(orderReply) {}
