import { CosmosClient, type CosmosClientOptions, type PluginConfig } from '@azure/cosmos';
import { systemClock } from '@diptych/core';
import {
  type CosmosConnection,
  type CosmosRequestOptions,
  defaultMaxRetries,
  defaultMaxWaitInMs,
  defaultRequestTimeoutInMs,
} from './cosmos-options.js';
import { RequestMetrics } from './request-metrics.js';
import { requestPlugin } from './request-plugin.js';

/** The SDK keeps this option out of its types. */
interface PluggedOptions extends CosmosClientOptions {
  readonly plugins: PluginConfig[];
}

/**
 * For a client of the program's own: `new CosmosClient({ ...cosmosClientOptions({ telemetry }), endpoint, key })`. Its
 * requests are measured, and sent again when throttled, as those of a client that we make.
 */
export function cosmosClientOptions(options: CosmosRequestOptions = {}): CosmosClientOptions {
  const { clock = systemClock, throttling = {}, telemetry, sdk = {} } = options;
  const { maxRetries = defaultMaxRetries, maxWaitInMs = defaultMaxWaitInMs } = throttling;
  const metrics = telemetry === undefined ? undefined : new RequestMetrics(telemetry, clock);
  const plugged: PluggedOptions = {
    consistencyLevel: 'Session',
    ...sdk,
    connectionPolicy: {
      requestTimeout: options.requestTimeoutInMs ?? defaultRequestTimeoutInMs,
      ...(options.preferredRegions && { preferredLocations: [...options.preferredRegions] }),
      // What the SDK itself sends again: single operations of a bulk.
      retryOptions: {
        maxRetryAttemptCount: maxRetries,
        maxWaitTimeInSeconds: maxWaitInMs / 1_000,
        fixedRetryIntervalInMilliseconds: 0,
      },
      ...sdk.connectionPolicy,
    },
    plugins: [requestPlugin({ clock, maxRetries, maxWaitInMs, metrics })],
  };
  return plugged;
}

export interface OpenedClient {
  readonly client: CosmosClient;
  /** Leaves a client alone that is the program's. */
  dispose(): void;
}

export function openCosmosClient(connection: CosmosConnection, options: CosmosRequestOptions): OpenedClient {
  if (isClient(connection)) return { client: connection, dispose: () => undefined };
  const client = new CosmosClient({ ...cosmosClientOptions(options), ...addressOf(connection) });
  return { client, dispose: () => client.dispose() };
}

/** Of another copy of the SDK too. */
function isClient(connection: CosmosConnection): connection is CosmosClient {
  return typeof connection !== 'string' && 'databases' in connection;
}

function addressOf(connection: Exclude<CosmosConnection, CosmosClient>): CosmosClientOptions {
  if (typeof connection === 'string') return { connectionString: connection };
  const { endpoint } = connection;
  return 'key' in connection
    ? { endpoint, key: connection.key }
    : { endpoint, aadCredentials: connection.credential };
}
