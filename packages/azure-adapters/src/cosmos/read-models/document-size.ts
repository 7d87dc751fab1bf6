import { type Copy, DiptychError, type DocumentId, DocumentTooLargeError } from '@diptych/core';
import type { DocumentItem } from './document-item.js';

/** What a document may take unless it is said otherwise, in bytes of JSON: room is left for all that stands beside it. */
export const defaultMaxDocumentBytes = 1_900_000;

/** An item has at most 2 MiB, with what the service adds; so has the request that carries it. */
export const mostItemBytes = 2_080_000;

/** An item has at most 128 levels, and the document begins on its second one. */
const mostLevels = 126;

/** @throws DocumentTooLargeError */
export function assertFits(copy: Copy, id: DocumentId, body: string | null, maxDocumentBytes: number): void {
  if (body === null) return;
  // A code unit takes at most six bytes: most documents need not be measured.
  if (body.length * 6 <= maxDocumentBytes) return;
  const bytes = bytesOf(body);
  if (bytes > maxDocumentBytes) throw new DocumentTooLargeError(copy.model, id, bytes, maxDocumentBytes);
}

/** The keys that a document is found by take room as well. @throws DocumentTooLargeError */
export function assertItemFits(copy: Copy, id: DocumentId, body: string | null, item: DocumentItem): void {
  const beside = item.name.length + (item.ordered?.length ?? 0) + lengthOf(item.found);
  if (((body?.length ?? 0) + beside) * 6 <= mostItemBytes) return;
  const bytes = bytesOf(JSON.stringify(item));
  if (bytes > mostItemBytes) throw new DocumentTooLargeError(copy.model, id, bytes, mostItemBytes);
}

/** In UTF-8, but for the line ends that the SDK writes as `\u2028`. */
function bytesOf(json: string): number {
  return Buffer.byteLength(json) + 3 * (json.match(/[\u2028\u2029]/g)?.length ?? 0);
}

function lengthOf(found: DocumentItem['found'] = {}): number {
  let length = 0;
  for (const { keys, ordered = '' } of Object.values(found)) {
    length += ordered.length;
    for (const key of keys) length += key.length + 3;
  }
  return length;
}

/** What the service would not take, however small it is. */
export function refusalOf({ model }: Copy, id: DocumentId, body: string): DiptychError | undefined {
  if (hasFewBrackets(body) || levelsIn(JSON.parse(body)) <= mostLevels) return undefined;
  return new DiptychError({
    code: 'document-refused',
    message: `Document '${id.name}' of read model '${model}' is nested deeper than the ${mostLevels} levels that Cosmos DB keeps.`,
    details: { model, id },
  });
}

/** Too few for so many levels. Counting them is far quicker than reading the document. */
function hasFewBrackets(body: string): boolean {
  if (body.length < 2 * mostLevels) return true;
  let brackets = 0;
  for (let at = 0; at < body.length; at++) {
    const code = body.charCodeAt(at);
    if (code === 0x7b || code === 0x5b) brackets++;
  }
  return brackets <= mostLevels;
}

function levelsIn(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  let most = 0;
  for (const inner of Object.values(value)) most = Math.max(most, levelsIn(inner));
  return most + 1;
}
