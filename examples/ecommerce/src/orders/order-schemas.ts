import { z } from 'zod';
import { wellFormed } from '../lines/well-formed.js';
import { orderStatuses } from './order.js';

/** An order's id in a command. */
export const orderIdentifier = wellFormed.min(1, 'Must name an order').max(100);

export const orderStatus = z.enum(orderStatuses);

/** What commands that do something with an order answer: how it stands now. */
export const orderReply = z.object({ orderId: z.string(), status: orderStatus });
