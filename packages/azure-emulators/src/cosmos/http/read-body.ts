import type { IncomingMessage } from 'node:http';
import { badRequest, tooLarge } from '../cosmos-error.js';

/** More than an item or a batch may have: these say themselves what is too much of them. */
const largestBody = 4 * 1024 * 1024;
/** How much is read and thrown away, so that the client hears why it is refused. */
const largestRefused = 64 * 1024 * 1024;

/** Reads a body as JSON. Throws for one that is too large, or is no JSON. */
export async function readBody(incoming: IncomingMessage): Promise<{ body: unknown; bytes: number }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= largestBody) chunks.push(chunk);
    if (bytes > largestRefused) incoming.socket.destroy();
  }
  if (bytes > largestBody) throw tooLarge('Request size is too large.');
  if (bytes === 0) return { body: undefined, bytes };
  try {
    return { body: JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown, bytes };
  } catch {
    throw badRequest('The body of the request is no JSON.');
  }
}
