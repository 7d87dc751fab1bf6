import type { QueueTransport, Transport } from '@diptych/core';

/** What carries events and commands between the shop's processes. */
export interface ShopBrokers {
  /** Default: that of the storage, if it has one. */
  readonly transport?: Transport;
  /** Default: none; whoever runs commands reads the journal. */
  readonly queues?: QueueTransport;
  /** What a broker calls; served by the shop. Default: none calls. */
  readonly webHook?: (request: Request) => Promise<Response>;
  /** To be called once the shop is served there. */
  readonly serving?: (url: string) => Promise<void>;
  /** To be called when the shop has stopped. */
  close(): Promise<void>;
}

/** Where a broker's web hook is served. */
export const hookPath = '/event-grid';

/** Whoever follows the journal reads it. */
export const noBrokers: ShopBrokers = { close: async () => {} };
