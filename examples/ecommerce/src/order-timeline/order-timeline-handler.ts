import { authenticated, type QueryContext, QueryHandler, type ReadModel, readModel } from '@diptych/core';
import { sameCustomer } from '../identity/policies.js';
import { OrderTimeline } from './order-timeline.js';
import { OrderTimelineProjection } from './order-timeline-projection.js';
import type { TimelineDocument } from './timeline-document.js';

@QueryHandler(OrderTimeline, { inject: [readModel(OrderTimelineProjection)], authorize: authenticated })
export class OrderTimelineHandler {
  constructor(private readonly timelines: ReadModel<TimelineDocument>) {}

  async handle({ orderId }: OrderTimeline, { meta }: QueryContext): Promise<TimelineDocument | null> {
    const timeline = await this.timelines.get(orderId);
    // As with the order itself: that of another customer is as if it were not there.
    return timeline !== undefined && (await sameCustomer.allows(timeline, meta)) ? timeline : null;
  }
}
