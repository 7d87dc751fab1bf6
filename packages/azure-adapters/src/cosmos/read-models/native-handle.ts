import type { Container } from '@azure/cosmos';
import type { Copy } from '@diptych/core';
import type { HeldCopy } from './copies-item.js';
import { itemName } from './item-names.js';
import { addressOf, type ItemAddress } from './placement.js';
import type { CosmosReading } from './reading.js';
import type { SessionTokens } from './session-tokens.js';

/** What `native()` gives: the container of the SDK, and where this copy's and tenant's documents are in it. */
export interface CosmosReadModelHandle {
  readonly container: Container;
  readonly copy: Copy;
  readonly tenant: string;
  /** Once it is known which copy is read. @throws DocumentsLostError */
  place(): Promise<CosmosReadModelPlace>;
}

export interface CosmosReadModelPlace {
  /** The first two parts of the partition key of all of this tenant's documents: `c.copy` and `c.tenant`. */
  readonly partitionKey: readonly [copy: string, tenant: string];
  /** To read under, for answers as fresh as any of this read model; `undefined` when the client's own is enough. */
  readonly sessionToken: string | undefined;
  /** A document is `c.doc`; tombstones have none. */
  address(id: string): ItemAddress;
}

export interface HandleOptions {
  readonly container: Container;
  readonly copy: Copy;
  readonly tenant: string;
  readonly reading: CosmosReading;
}

export function readModelHandle(
  { container, copy, tenant, reading }: HandleOptions,
  required: SessionTokens | undefined,
  held: () => Promise<HeldCopy>,
): CosmosReadModelHandle {
  return {
    container,
    copy,
    tenant,
    async place() {
      const { id: copyId, partitionBy } = await held();
      return {
        partitionKey: [copyId, itemName(tenant)],
        sessionToken: required && reading.tokenFor(required),
        address: (name) => addressOf(copyId, partitionBy, { tenant, name }),
      };
    },
  };
}
