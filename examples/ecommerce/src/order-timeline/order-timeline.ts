import { query } from '@diptych/core';
import { z } from 'zod';
import { identifier } from '../lines/identifier.js';
import { timelineDocument } from './timeline-document.js';

const asked = z.strictObject({ orderId: identifier });

/** What happened to an order or return; `null` when there is none, or none of one's own. */
export class OrderTimeline extends query('shop.OrderTimeline', asked, {
  examples: [{ orderId: 'C536379' }, { orderId: 536365 }],
}).returns(timelineDocument.nullable()) {}
