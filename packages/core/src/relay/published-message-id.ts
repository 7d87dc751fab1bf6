import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { JournalEntry } from '../journal/journal-entry.js';

/**
 * The id of an entry on a transport: the SHA-256 of source, tenant, stream and version as a JSON array. The same
 * event has the same one whenever, and by whomever, it is sent. A command, which lies in no stream, keeps its own.
 */
export function publishedMessageId(entry: JournalEntry): string {
  if (entry.kind === 'command') return entry.id;
  const { source, tenant, stream, version } = entry;
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify([source, tenant, stream, version]))));
}
