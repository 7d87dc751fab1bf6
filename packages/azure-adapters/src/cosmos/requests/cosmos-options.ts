import type { CosmosClient, CosmosClientOptions } from '@azure/cosmos';
import type { Clock, Telemetry } from '@diptych/core';

/**
 * A connection string (`AccountEndpoint=…;AccountKey=…;`), an endpoint with a key or with a credential of
 * `@azure/identity`, or a client of the program's own, made with `cosmosClientOptions`.
 */
export type CosmosConnection =
  | string
  | { readonly endpoint: string; readonly key: string }
  | { readonly endpoint: string; readonly credential: CosmosCredential }
  | CosmosClient;

/** Who is asked, and who asks. */
type Address = Pick<CosmosClientOptions, 'connectionString' | 'endpoint' | 'key' | 'aadCredentials'>;

/** What `@azure/identity` gives. */
export type CosmosCredential = NonNullable<CosmosClientOptions['aadCredentials']>;

/** How long a request that the service throttles (429) is sent again, after the pauses that it asks for. */
export interface ThrottlingOptions {
  /** How often one request is sent again at most. Default 9. */
  readonly maxRetries?: number | undefined;
  /** How long it waits altogether at most, in milliseconds. A longer pause is not begun. Default 30,000. */
  readonly maxWaitInMs?: number | undefined;
}

/** How requests are made. */
export interface CosmosRequestOptions {
  /** Regions to read from, the nearest first: `['West Europe', 'North Europe']`. Default: as the account says. */
  readonly preferredRegions?: readonly string[] | undefined;
  /** How long one request may take without an answer, in milliseconds. Default 10,000. */
  readonly requestTimeoutInMs?: number | undefined;
  readonly throttling?: ThrottlingOptions | undefined;
  /**
   * Anything else that the client of the SDK takes: an `agent`, an `httpClient`, `connectionPolicy`. Default of
   * `consistencyLevel`: `Session`, with which requests carry the token of what the client has seen and written.
   */
  readonly sdk?: Omit<CosmosClientOptions, keyof Address> | undefined;
  /** Measures what each request costs, and how often the service throttles. Default: nothing is measured. */
  readonly telemetry?: Telemetry | undefined;
  /** The program's clock, for pauses and durations. */
  readonly clock?: Clock | undefined;
}

export interface CosmosDatabaseOptions extends CosmosRequestOptions {
  readonly connection: CosmosConnection;
  /** The name of the database in the account. */
  readonly database: string;
  /**
   * - `create`: makes the database when it is not there, with the account's defaults; needs the right to.
   * - `validate`: only looks whether it is there.
   *
   * Default `create`.
   */
  readonly provision?: 'create' | 'validate' | undefined;
}

export const defaultRequestTimeoutInMs = 10_000;
export const defaultMaxRetries = 9;
export const defaultMaxWaitInMs = 30_000;
