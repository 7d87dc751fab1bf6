import { serviceBusTransport } from '@diptych/azure-adapters/service-bus';
import type { ShopBrokers } from './shop-brokers.js';

// #region brokers
/** Events by a topic and commands by a queue of a Service Bus namespace, which are made when they are not there. */
export function serviceBusBrokers(connectionString: string): ShopBrokers {
  const bus = serviceBusTransport({ connectionString, sources: ['shop'] });
  return { transport: bus, queues: bus, close: () => bus.close() };
}
// #endregion
