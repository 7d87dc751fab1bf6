import { positionLength } from '../partitions/position.js';
import type { Transport, TransportMessage } from './transport.js';

const utf8 = new TextEncoder();

/** The size of a message on a transport: bytes of its JSON. */
export function bytesOf(message: TransportMessage): number {
  return utf8.encode(JSON.stringify(message)).length;
}

/** Room for a stream's name or a command's key. */
const bytesOfName = 1_024;

/** What a message adds to its entry: its id, the position before it, and what the journal adds to an envelope. */
const bytesAroundEnvelope =
  bytesOfName +
  JSON.stringify({ id: 'f'.repeat(64), entry: {}, previous: 'f'.repeat(positionLength) }).length +
  JSON.stringify({
    version: Number.MAX_SAFE_INTEGER,
    partition: 99_999,
    position: 'f'.repeat(positionLength),
  }).length;

/**
 * The largest envelope, in bytes of JSON, that fits a message of the transport; `undefined` for no limit. A unit of work refuses larger ones before it commits.
 */
export function largestEnvelopeBytes({ capabilities }: Pick<Transport, 'capabilities'>): number | undefined {
  const { maxMessageBytes } = capabilities;
  return maxMessageBytes === undefined ? undefined : Math.max(0, maxMessageBytes - bytesAroundEnvelope);
}
