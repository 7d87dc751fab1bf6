import { randomUUID } from 'node:crypto';
import type { ItemContainer } from '../items/item-container.js';
import type { JsonObject } from '../items/json.js';

/** What the service adds to a database, a container or an offer. */
export interface ResourceStamp {
  readonly _rid: string;
  readonly _self: string;
  readonly _etag: string;
  readonly _ts: number;
}

export const stamp = (rid: string, self: string, now: number): ResourceStamp => ({
  _rid: rid,
  _self: self,
  _etag: `"${randomUUID()}"`,
  _ts: Math.floor(now / 1000),
});

/** How much may be asked of a database or container per second. */
export interface Offer extends JsonObject {
  readonly id: string;
  readonly resource: string;
}

export interface Database {
  readonly resource: JsonObject & ResourceStamp & { readonly id: string };
  readonly containers: Map<string, Container>;
}

export interface Container {
  resource: JsonObject & ResourceStamp & { readonly id: string };
  readonly items: ItemContainer;
}

export function offerFor(resource: ResourceStamp, throughput: JsonObject, now: number): Offer {
  const id = Buffer.from(resource._rid).toString('hex').slice(0, 12);
  return {
    ...stamp(id, `offers/${id}/`, now),
    id,
    resource: resource._self,
    offerResourceId: resource._rid,
    offerType: 'Invalid',
    offerVersion: 'V2',
    content: throughput,
  };
}
