import type { OperationInput } from '@azure/cosmos';
import {
  type Copy,
  type DocumentChange,
  type DocumentId,
  DocumentTooLargeError,
  type StoredDocument,
  type WriteOutcome,
} from '@diptych/core';
import type { BulkAnswer, BulkRequests } from './bulk-requests.js';
import { type DocumentItem, documentItem, storedDocument } from './document-item.js';
import { assertFits, assertItemFits, mostItemBytes } from './document-size.js';
import type { HeldCopies } from './held-copies.js';
import { addressOf } from './placement.js';
import { readError, writeError } from './read-model-errors.js';
import type { ServiceTime } from './service-time.js';

export interface CosmosDocumentsOptions {
  readonly bulk: BulkRequests;
  readonly held: HeldCopies;
  readonly time: ServiceTime;
  readonly maxDocumentBytes: number;
}

/** Documents of copies: each is one item, with its marks and all that it is found by. */
export class CosmosDocuments {
  readonly #options: CosmosDocumentsOptions;

  constructor(options: CosmosDocumentsOptions) {
    this.#options = options;
  }

  /** @throws DiptychError `copy-unknown`, DocumentsLostError. */
  async load(copy: Copy, ids: readonly DocumentId[]): Promise<readonly (StoredDocument | undefined)[]> {
    const { bulk, held } = this.#options;
    const { id: copyId, partitionBy } = await held.require(copy);
    const answers = await bulk.run(
      ids.map((id): OperationInput => ({ operationType: 'Read', ...addressOf(copyId, partitionBy, id) })),
    );
    return answers.map((answer, at) => loaded(ids[at]!, answer));
  }

  /** @throws DocumentTooLargeError before anything is written; DiptychError `copy-unknown`, DocumentsLostError. */
  async write(copy: Copy, changes: readonly DocumentChange[]): Promise<readonly WriteOutcome[]> {
    const { bulk, held, time, maxDocumentBytes } = this.#options;
    if (changes.length === 0) return [];
    for (const { id, body } of changes) assertFits(copy, id, body, maxDocumentBytes);
    const kept = await held.require(copy);
    const now = changes.some(({ body }) => body === null) ? await time.now() : 0;
    const operations = changes.map((change) => {
      const item = documentItem(kept, change, now);
      assertItemFits(copy, change.id, change.body, item);
      return operationOf(item, change.expectedRevision);
    });
    const answers = await bulk.run(operations);
    return answers.map((answer, at) => outcomeOf(copy, changes[at]!.id, answer));
  }
}

function loaded(id: DocumentId, answer: BulkAnswer): StoredDocument | undefined {
  const { statusCode, resourceBody, eTag } = answer;
  if (statusCode === 404) return undefined;
  if (statusCode !== 200 || resourceBody === undefined) throw readError(answer);
  return storedDocument(id, resourceBody, eTag!);
}

function operationOf(item: DocumentItem, expectedRevision: string | undefined): OperationInput {
  const { id, copy, tenant, place } = item;
  const [partitionKey, resourceBody] = [[copy, tenant, place], item as never];
  return expectedRevision === undefined
    ? { operationType: 'Create', partitionKey, resourceBody }
    : { operationType: 'Replace', id, partitionKey, resourceBody, ifMatch: expectedRevision };
}

/** Somebody was faster; or it was this very write, which the network doubled: marks tell whoever reads again. */
const isConflict = new Set([404, 409, 412]);

function outcomeOf({ model }: Copy, id: DocumentId, answer: BulkAnswer): WriteOutcome {
  const { statusCode, eTag } = answer;
  if (statusCode >= 200 && statusCode < 300) return { revision: eTag! };
  if (isConflict.has(statusCode)) return 'conflict';
  // It was measured before; the service has the last word.
  if (statusCode === 413) throw new DocumentTooLargeError(model, id, mostItemBytes, mostItemBytes);
  throw writeError(answer);
}
