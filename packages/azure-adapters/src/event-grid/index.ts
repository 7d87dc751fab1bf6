export type { EventGridNamespaceTransport } from './event-grid-namespace-transport.js';
export { eventGridNamespaceTransport } from './event-grid-namespace-transport.js';
export type {
  AccessTokens,
  EventGridCredential,
  EventGridNamespaceOptions,
  EventGridOptions,
  WebHookAccess,
} from './event-grid-options.js';
export type { EventGridTransport } from './event-grid-transport.js';
export { eventGridTransport } from './event-grid-transport.js';
