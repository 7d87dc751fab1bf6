import type { Copy } from '@diptych/core';
import type { SqlText } from '../queries/asked-sql.js';
import type { SqlFragment } from '../queries/sql-fragment.js';
import type { CosmosQueryOptions, CosmosRows } from './document-query.js';

type Ask = <Row>(asked: SqlFragment | SqlText, options: CosmosQueryOptions) => Promise<CosmosRows<Row>>;

/** What `native()` gives: Cosmos DB's SQL over this copy's documents of this tenant, and of nobody else's. */
export class CosmosReadModelHandle {
  readonly copy: Copy;
  readonly tenant: string;
  readonly #ask: Ask;

  constructor({ copy, tenant }: { readonly copy: Copy; readonly tenant: string }, ask: Ask) {
    this.copy = copy;
    this.tenant = tenant;
    this.#ask = ask;
  }

  /**
   * The rows of a query in which the name in `FROM` is a document, and `*` the whole of it:
   *
   * ```ts
   * sql`SELECT d.customer, COUNT(1) AS n FROM d WHERE d.status = ${status} GROUP BY d.customer`
   * ```
   * @throws ProgrammingError `cosmos-query` where it cannot be asked, `cosmos-query-place`, `page-limit`; DiptychError
   *   `page-after`, `throttled`; DocumentsLostError; UnavailableError.
   */
  query<Row = unknown>(
    asked: SqlFragment | SqlText,
    options: CosmosQueryOptions = {},
  ): Promise<CosmosRows<Row>> {
    return this.#ask<Row>(asked, options);
  }
}
