import type { Container } from '@azure/cosmos';
import {
  type Copy,
  DocumentsLostError,
  type FieldValues,
  type FindOptions,
  type FoundPage,
  indexKeyOf,
  ProgrammingError,
  pageSizeOf,
  type ReadModel,
  type ReadModelDefinition,
  requireIndex,
} from '@diptych/core';
import { orderedPlace } from '../../ordering/ordered-place.js';
import { orderedText } from '../../ordering/ordered-text.js';
import { pageEnd, readPageEnd } from '../../ordering/page-end.js';
import type { SqlText } from '../queries/asked-sql.js';
import type { SqlFragment } from '../queries/sql-fragment.js';
import type { HeldCopy } from './copies-item.js';
import { type DocumentItem, foundKey, keysOf, orderIn, orderOfIds } from './document-item.js';
import { type CosmosQueryOptions, type CosmosRows, queryDocuments } from './document-query.js';
import { readEvidence } from './evidence.js';
import { type FoundRow, foundQuery, placeIn } from './found-query.js';
import type { HeldCopies } from './held-copies.js';
import { inParallel } from './in-parallel.js';
import { CosmosReadModelHandle } from './native-handle.js';
import { addressOf, type ItemAddress } from './placement.js';
import { type CosmosReading, NotThereError } from './reading.js';
import { mergedSessions, readSession, type SessionTokens } from './session-tokens.js';

export interface CosmosReadModelOptions {
  readonly definition: ReadModelDefinition;
  readonly copy: Copy;
  readonly tenant: string;
  readonly container: Container;
  readonly held: HeldCopies;
  readonly reading: CosmosReading;
  /** Beside the checkpoints that were seen to have passed what an answer must have. Absent: nothing is asked. */
  readonly evidence: readonly string[] | undefined;
}

/** So many documents are read at a time. */
const readsAtOnce = 32;

/** One tenant's documents in one copy, as query handlers see them. */
export class CosmosReadModel<Document> implements ReadModel<Document> {
  readonly #options: CosmosReadModelOptions;
  readonly #required: SessionTokens | undefined;

  constructor(options: CosmosReadModelOptions) {
    this.#options = options;
    const { evidence } = options;
    this.#required = evidence && mergedSessions(evidence.map((one) => sessionIn(one)));
  }

  async get(id: string): Promise<Document | undefined> {
    const held = this.#known() ?? (await this.#held());
    const document = await this.#document(held, id);
    if (document === undefined) await this.#assertThere(held);
    return document;
  }

  async getMany(ids: readonly string[]): Promise<readonly (Document | undefined)[]> {
    const held = this.#known() ?? (await this.#held());
    const documents = await inParallel(ids, readsAtOnce, (id) => this.#document(held, id));
    if (documents.includes(undefined)) await this.#assertThere(held);
    return documents;
  }

  async find(name: string, values: FieldValues, options: FindOptions = {}): Promise<FoundPage<Document>> {
    const index = requireIndex(this.#options.definition, name, values);
    const limit = pageSizeOf(options);
    const after = readPageEnd(options.after);
    const held = await this.#held();
    assertKept(this.#options, held, name);
    const isSorted = index.sort !== undefined;
    return this.#page(held, limit, {
      order: isSorted ? orderIn(name) : orderOfIds,
      after: after && (isSorted ? orderedPlace(after) : orderedText(after.id)),
      descending: options.descending === true,
      key: { in: keysOf(name), value: foundKey(indexKeyOf(index, values)) },
    });
  }

  async all(options: FindOptions = {}): Promise<FoundPage<Document>> {
    const limit = pageSizeOf(options);
    const after = readPageEnd(options.after);
    return this.#page(await this.#held(), limit, {
      order: orderOfIds,
      after: after && orderedText(after.id),
      descending: options.descending === true,
    });
  }

  native(): CosmosReadModelHandle {
    return new CosmosReadModelHandle(this.#options, (asked, options) => this.#query(asked, options));
  }

  async #query<Row>(asked: SqlFragment | SqlText, options: CosmosQueryOptions): Promise<CosmosRows<Row>> {
    const { tenant, reading } = this.#options;
    const held = await this.#held();
    const queried = { tenant, held, reading, required: this.#required };
    const found = await this.#orLost(queryDocuments<Row>(queried, asked, options));
    if (found.next === undefined) await this.#assertThere(held);
    return found;
  }

  async #page(
    held: HeldCopy,
    limit: number,
    wanted: Omit<Parameters<typeof foundQuery>[0], 'copy' | 'tenant' | 'partitionBy' | 'limit'>,
  ): Promise<FoundPage<Document>> {
    const { tenant } = this.#options;
    const { id: copy, partitionBy } = held;
    // One more than asked tells whether there is another page.
    const query = foundQuery({ ...wanted, copy, tenant, partitionBy, limit: limit + 1 });
    const rows = await this.#orLost(this.#options.reading.rows<FoundRow>(query, this.#required));
    if (rows.length <= limit) await this.#assertThere(held);
    const shown = rows.slice(0, limit);
    return {
      documents: shown.map(({ doc }) => doc as Document),
      next: rows.length > limit ? pageEnd(placeIn(wanted.order, shown.at(-1)!)) : undefined,
    };
  }

  async #document(held: HeldCopy, name: string): Promise<Document | undefined> {
    const { tenant } = this.#options;
    const item = await this.#item(addressOf(held.id, held.partitionBy, { tenant, name }));
    return item?.doc as Document | undefined;
  }

  #item(address: ItemAddress): Promise<DocumentItem | undefined> {
    const { reading } = this.#options;
    return this.#required === undefined
      ? reading.item<DocumentItem>(address)
      : this.#orLost(reading.itemUnder<DocumentItem>(address, this.#required));
  }

  async #orLost<Answer>(work: Promise<Answer>): Promise<Answer> {
    try {
      return await work;
    } catch (error) {
      if (!(error instanceof NotThereError)) throw error;
      throw new DocumentsLostError(this.#options.copy.model, { cause: error });
    }
  }

  /** Where nothing has to be asked. */
  #known(): HeldCopy | undefined {
    const { held, copy, evidence } = this.#options;
    return evidence === undefined ? held.known(copy) : undefined;
  }

  /** @throws DocumentsLostError when the answer must have what was written to another copy of that name. */
  async #held(): Promise<HeldCopy> {
    const { held, copy, evidence = [] } = this.#options;
    const kept = await held.require(copy);
    const isOther = (text: string) => (readEvidence(text)?.copy ?? kept.id) !== kept.id;
    if (evidence.some(isOther)) throw new DocumentsLostError(copy.model);
    return kept;
  }

  /** Nothing is said to be missing by a copy that is gone, or has been made anew. */
  #assertThere(kept: HeldCopy): Promise<void> {
    const { held, copy } = this.#options;
    return held.assertSame(copy, kept);
  }
}

function sessionIn(evidence: string): SessionTokens {
  return readSession(readEvidence(evidence)?.session ?? '');
}

/** A copy is kept by the indexes that it was made with: another one would find nothing, and say nothing. */
function assertKept({ definition, copy }: CosmosReadModelOptions, { indexes }: HeldCopy, name: string): void {
  if (JSON.stringify(indexes[name]) === JSON.stringify(definition.indexes[name])) return;
  throw new ProgrammingError(
    'index-not-built',
    `Index '${name}' of read model '${copy.model}' was declared otherwise when this copy was made. Raise the version, or rebuild.`,
    { ...copy, index: name },
  );
}
