export { serviceBusAdministration } from './connect.js';
export type { DeadLetter, Recovery, RecoveryOptions } from './dead-letters.js';
export { entityName } from './entity-names.js';
export type { ServiceBusAccess, ServiceBusOptions, Topology } from './service-bus-options.js';
export type { ServiceBusTransport } from './service-bus-transport.js';
export { serviceBusTransport } from './service-bus-transport.js';
