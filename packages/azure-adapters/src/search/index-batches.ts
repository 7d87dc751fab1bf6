import { IndexDocumentsBatch, type SearchClient } from '@azure/search-documents';
import type { MirrorOutcome } from '@diptych/core';
import type { IndexDocument } from './index-entries.js';
import type { RequestLimits } from './search-clients.js';
import { indexMissing, retryAfterOf, searchError, statusOf } from './search-errors.js';

/** What the service takes at once. Something is left for what a batch is wrapped in. */
const maxActions = 1_000;
const maxBytes = 15_500_000;

export type IndexAction = 'upload' | 'delete';

const later = (reason: string, retryAfterInMs?: number): MirrorOutcome => ({
  kind: 'later',
  reason,
  retryAfterInMs,
});

/**
 * Sends documents in batches that the service takes. Answers for each, in the order given. One that was not asked about
 * any more, since the service is busy, comes later.
 * @throws DiptychError `search-index-missing`; UnavailableError for a key that gives no right.
 */
export async function sendBatches(
  client: SearchClient<IndexDocument>,
  action: IndexAction,
  documents: readonly IndexDocument[],
  limits: RequestLimits,
): Promise<readonly MirrorOutcome[]> {
  const outcomes: MirrorOutcome[] = [];
  for (const batch of batchesOf(documents)) {
    const sent = await sendBatch(client, action, batch, limits);
    outcomes.push(...sent);
    const busy = sent.find(({ kind }) => kind === 'later');
    if (busy !== undefined) return [...outcomes, ...Array(documents.length - outcomes.length).fill(busy)];
  }
  return outcomes;
}

/** One batch. One that is refused as a whole is divided until it is known which document it was. */
async function sendBatch(
  client: SearchClient<IndexDocument>,
  action: IndexAction,
  documents: readonly IndexDocument[],
  limits: RequestLimits,
): Promise<readonly MirrorOutcome[]> {
  const batch = new IndexDocumentsBatch<IndexDocument>();
  batch[action]([...documents]);
  try {
    const { results } = await client.indexDocuments(batch, limits);
    return documents.map((_, index) => outcomeOf(results[index]));
  } catch (error) {
    const status = statusOf(error);
    if (status === 404) throw indexMissing(client.indexName);
    if (status === 401 || status === 403) throw searchError(error, `change index '${client.indexName}'`);
    const { message } = searchError(error, `change index '${client.indexName}'`);
    if (status !== 400 && status !== 413) return documents.map(() => later(message, retryAfterOf(error)));
    if (documents.length === 1) return [{ kind: 'refused', reason: message }];
    const half = Math.ceil(documents.length / 2);
    const first = await sendBatch(client, action, documents.slice(0, half), limits);
    return [...first, ...(await sendBatch(client, action, documents.slice(half), limits))];
  }
}

interface ActionResult {
  readonly succeeded: boolean;
  readonly statusCode: number;
  readonly errorMessage?: string | undefined;
}

function outcomeOf(result: ActionResult | undefined): MirrorOutcome {
  if (result === undefined) return later('the service said nothing of it');
  const { succeeded, statusCode, errorMessage = `status ${statusCode}` } = result;
  if (succeeded) return { kind: 'mirrored' };
  // Another version came at the same moment, the index is busy, or so is the service.
  return statusCode === 409 || statusCode === 422 || statusCode === 429 || statusCode >= 500
    ? later(errorMessage)
    : { kind: 'refused', reason: errorMessage };
}

function* batchesOf(documents: readonly IndexDocument[]): Iterable<readonly IndexDocument[]> {
  let [batch, bytes]: [IndexDocument[], number] = [[], 0];
  for (const document of documents) {
    const size = Buffer.byteLength(JSON.stringify(document)) + 40;
    if (batch.length === maxActions || (batch.length > 0 && bytes + size > maxBytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(document);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
