import type { QueueTransport, Transport } from '@diptych/core';

/** What carries events and commands between the shop's processes. */
export interface ShopBrokers {
  /** Default: that of the storage, if it has one. */
  readonly transport?: Transport;
  /** Default: none; whoever runs commands reads the journal. */
  readonly queues?: QueueTransport;
  /** To be called when the shop has stopped. */
  close(): Promise<void>;
}

/** Whoever follows the journal reads it. */
export const noBrokers: ShopBrokers = { close: async () => {} };
