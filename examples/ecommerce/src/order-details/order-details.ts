import { query } from '@diptych/core';
import { z } from 'zod';
import { identifier } from '../lines/identifier.js';
import { orderDocument } from './order-document.js';

const asked = z.strictObject({ orderId: identifier });

/** One order or return with its lines; `null` when there is none, or none of one's own. */
export class OrderDetails extends query('shop.OrderDetails', asked, {
  examples: [{ orderId: 'C536379' }, { orderId: 536365 }],
}).returns(orderDocument.nullable()) {}
