import type { Container, CosmosHeaders, SqlParameter } from '@azure/cosmos';
import { executeBatch } from '../requests/execute-batch.js';
import { requestFailure } from '../requests/request-failure.js';
import type { ItemAddress } from './placement.js';
import { readError } from './read-model-errors.js';
import { covers, mergedSessions, readSession, type SessionTokens, sessionText } from './session-tokens.js';

export interface PageQuery {
  readonly query: string;
  readonly parameters: readonly SqlParameter[];
  /** All three parts, or the first ones. */
  readonly partitionKey: readonly string[];
  readonly limit: number;
}

export interface AskedPages {
  readonly required: SessionTokens | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  /** An error of the caller's, where the service refuses what it asks. */
  readonly refusal: (error: unknown) => Error | undefined;
}

export interface QueryPage<Row> {
  readonly rows: readonly Row[];
  /** Where the next one begins, if that can be told. */
  readonly token: string | undefined;
  readonly hasMore: boolean;
  /** In request units. */
  readonly charge: number;
}

/** The answer is older than it must be, whoever is asked. */
export class NotThereError extends Error {}

/** Reads of items that are no older than they must be. */
export class CosmosReading {
  readonly #container: Container;
  readonly #session: () => string;

  constructor(container: Container, session: () => string) {
    this.#container = container;
    this.#session = session;
  }

  /** No older than what this client has written and read. */
  async item<Item>({ id, partitionKey }: ItemAddress): Promise<Item | undefined> {
    // The SDK itself answers a missing item without throwing.
    const { resource } = await this.#container
      .item(id, partitionKey)
      .read<Item & { id: string }>()
      .catch(fail);
    return resource;
  }

  /** And no older than that. @throws NotThereError */
  async itemUnder<Item>(address: ItemAddress, required: SessionTokens): Promise<Item | undefined> {
    const sessionToken = this.tokenFor(required);
    if (sessionToken === undefined) return this.item(address);
    const { resource, headers } = await this.#container
      .item(address.id, address.partitionKey)
      .read<Item & { id: string }>({ sessionToken })
      .catch(fail);
    // Of a range that has got another name since, as by a split, the token said nothing.
    const isCertain = isUnder(headers, required) && isOfKnownRange(headers, required);
    return isCertain ? resource : this.#itemInQuorum(address, required);
  }

  /** Rows of the first pages, until there are as many as asked. @throws NotThereError */
  async rows<Row>(
    { query, parameters, partitionKey, limit }: PageQuery,
    required: SessionTokens | undefined,
  ): Promise<readonly Row[]> {
    const sessionToken = required && this.tokenFor(required);
    const pages = this.#container.items.query<Row>(
      { query, parameters: [...parameters] },
      {
        partitionKey: [...partitionKey],
        maxItemCount: limit,
        ...(sessionToken !== undefined && { sessionToken }),
      },
    );
    const rows: Row[] = [];
    while (rows.length < limit && pages.hasMoreResults()) {
      const page = await pages.fetchNext().catch(fail);
      if (sessionToken !== undefined && !isUnder(headersOf(page), required!)) throw new NotThereError();
      rows.push(...(page.resources ?? []));
    }
    return rows.slice(0, limit);
  }

  /**
   * Page after page, each with as many rows as asked at most: where a token says, or behind the page before.
   * @throws NotThereError
   */
  pages<Row>(
    { query, parameters, partitionKey }: Omit<PageQuery, 'limit'>,
    { required, abortSignal, refusal }: AskedPages,
  ): (limit: number, token: string | undefined) => Promise<QueryPage<Row>> {
    const sessionToken = required && this.tokenFor(required);
    const begin = (limit: number, continuationToken: string | undefined) =>
      this.#container.items.query<Row>(
        { query, parameters: [...parameters] },
        {
          partitionKey: [...partitionKey],
          maxItemCount: limit,
          ...(continuationToken !== undefined && { continuationToken }),
          ...(sessionToken !== undefined && { sessionToken }),
          ...(abortSignal !== undefined && { abortSignal }),
        },
      );
    let pages: ReturnType<typeof begin> | undefined;
    return async (limit, token) => {
      if (pages === undefined || token !== undefined) pages = begin(limit, token);
      const page = await pages.fetchNext().catch((error: unknown) => {
        throw refusal(error) ?? failed(error);
      });
      if (sessionToken !== undefined && !isUnder(headersOf(page), required!)) throw new NotThereError();
      return {
        rows: page.resources ?? [],
        token: page.continuationToken,
        hasMore: pages.hasMoreResults(),
        charge: page.requestCharge,
      };
    };
  }

  /** The token to ask under; `undefined` when the client has seen as much by itself, and asks so. */
  tokenFor(required: SessionTokens): string | undefined {
    const own = readSession(this.#session());
    return covers(own, required, 'all') ? undefined : sessionText(mergedSessions([own, required]));
  }

  /** Whoever writes knows all. */
  async #itemInQuorum<Item>(
    { id, partitionKey }: ItemAddress,
    required: SessionTokens,
  ): Promise<Item | undefined> {
    const read = { operationType: 'Read', id } as const;
    const { result, headers } = await executeBatch(this.#container, [read], partitionKey).catch(fail);
    if (!isUnder(headers, required)) throw new NotThereError();
    const [answer] = result;
    if (answer?.statusCode !== 200 && answer?.statusCode !== 404) throw readError(answer);
    return answer.resourceBody as Item | undefined;
  }
}

/** The SDK may have asked once more without the token. Answers say how far the one was that gave them. */
function isUnder(headers: CosmosHeaders | undefined, required: SessionTokens): boolean {
  const told = headers?.['x-ms-session-token'];
  return typeof told !== 'string' || covers(readSession(told), required, 'known');
}

function isOfKnownRange(headers: CosmosHeaders | undefined, required: SessionTokens): boolean {
  const told = headers?.['x-ms-session-token'];
  return typeof told === 'string' && [...readSession(told).keys()].every((range) => required.has(range));
}

/** The SDK's types keep them from us. */
function headersOf(page: object): CosmosHeaders | undefined {
  return (page as { readonly headers?: CosmosHeaders }).headers;
}

function fail(error: unknown): never {
  throw failed(error);
}

function failed(error: unknown): Error {
  const { status, substatus } = requestFailure(error);
  return status === 404 && substatus === 1002 ? new NotThereError() : readError(error);
}
