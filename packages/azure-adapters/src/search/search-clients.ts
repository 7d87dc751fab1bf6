import { AzureKeyCredential, SearchClient, SearchIndexClient } from '@azure/search-documents';
import type { IndexDocument } from './index-entries.js';
import type { SearchConnection } from './search-options.js';

/** What a request may take, as the SDK wants it told. */
export interface RequestLimits {
  readonly requestOptions: { readonly timeout: number };
}

/** The SDK's clients of one service. None of them holds a connection. */
export class SearchClients {
  readonly indexes: SearchIndexClient;
  readonly limits: RequestLimits;
  readonly #reading = new Map<string, SearchClient<IndexDocument>>();
  readonly #writing = new Map<string, SearchClient<IndexDocument>>();

  constructor(connection: SearchConnection, timeoutInMs: number) {
    this.indexes = 'client' in connection ? connection.client : clientOf(connection);
    this.limits = { requestOptions: { timeout: timeoutInMs } };
  }

  /** Asks again by itself when the service is busy. */
  reading(index: string): SearchClient<IndexDocument> {
    return kept(this.#reading, index, () => this.indexes.getSearchClient<IndexDocument>(index));
  }

  /**
   * Sends each request once. One that the SDK sends again would be two with one stamp, and the first may come after
   * others that came after the second.
   */
  writing(index: string): SearchClient<IndexDocument> {
    return kept(this.#writing, index, () => {
      const client = this.indexes.getSearchClient<IndexDocument>(index);
      client.pipeline.removePolicy({ name: 'defaultRetryPolicy' });
      return client;
    });
  }

  /** The index is gone. */
  forget(index: string): void {
    this.#reading.delete(index);
    this.#writing.delete(index);
  }
}

function clientOf(connection: Exclude<SearchConnection, { readonly client: SearchIndexClient }>) {
  const { endpoint } = connection;
  // Tokens never go over HTTP; a key may, to an emulator.
  const isLocal = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])([:/]|$)/.test(endpoint);
  const credential = 'key' in connection ? new AzureKeyCredential(connection.key) : connection.credential;
  return new SearchIndexClient(endpoint, credential, {
    ...(isLocal && { allowInsecureConnection: true }),
    retryOptions: { maxRetries: 2, retryDelayInMs: 300, maxRetryDelayInMs: 3_000 },
  });
}

function kept<T>(clients: Map<string, T>, index: string, make: () => T): T {
  const client = clients.get(index) ?? make();
  clients.set(index, client);
  return client;
}
