import type { IncomingMessage } from 'node:http';
import { invalidBody, tooLarge } from '../search-error.js';

const largestBody = 16 * 1024 * 1024;
/** How much is read and thrown away, so that the client hears why it is refused. */
const largestRefused = 64 * 1024 * 1024;

/** Reads a body as JSON. Throws for one that is too large, or is no JSON. */
export async function readBody(incoming: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= largestBody) chunks.push(chunk);
    if (bytes > largestRefused) incoming.socket.destroy();
  }
  if (bytes > largestBody) throw tooLarge('The request is larger than 16 MB.');
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    throw invalidBody('The body of the request is no JSON.');
  }
}
