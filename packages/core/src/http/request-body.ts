import { RequestError } from './request-errors.js';
import { checkValue } from './safe-value.js';

export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly maxDepth: number;
}

/**
 * The JSON of a request's body; `{}` for a request without one.
 * @throws RequestError `unsupported-media-type`, `body-too-large`, `body-incomplete`, `invalid-encoding`,
 *   `malformed-json`, `forbidden-key`, `too-deep`.
 */
export async function readJson(request: Request, limits: BodyLimits): Promise<unknown> {
  const type = request.headers.get('content-type');
  if (type !== null) requireJsonType(type);
  requirePlainEncoding(request.headers.get('content-encoding'));
  const bytes = await readBytes(request, limits.maxBodyBytes);
  if (bytes.byteLength === 0) return {};
  if (type === null) throw unsupported('The body has no Content-Type; send application/json.');
  const value = parseJson(decodeUtf8(bytes));
  checkValue(value, limits.maxDepth);
  return value;
}

function requireJsonType(header: string): void {
  const [type = '', ...parameters] = header.split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') throw unsupported('The body must be application/json.');
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (charset !== undefined && !/^("utf-?8"|utf-?8)$/.test(charset))
    throw unsupported('The body must be UTF-8.');
}

function requirePlainEncoding(header: string | null): void {
  if (header !== null && header.trim().toLowerCase() !== 'identity') {
    throw unsupported('The body must be sent without a Content-Encoding.');
  }
}

function unsupported(message: string): RequestError {
  return new RequestError('unsupported-media-type', message);
}

/** Counts what arrives, whatever Content-Length says, and reads no further than the limit. */
async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let chunk = await next(reader); chunk !== undefined; chunk = await next(reader)) {
    size += chunk.byteLength;
    if (size > limit) {
      reader.cancel().catch(() => undefined);
      throw tooLarge(limit);
    }
    chunks.push(chunk);
  }
  return joined(chunks, size);
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch {
    throw new RequestError('body-incomplete', 'The body broke off.');
  }
}

function tooLarge(limit: number): RequestError {
  return new RequestError('body-too-large', `The body may have ${limit} bytes at most.`, {
    maxBodyBytes: limit,
  });
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RequestError('invalid-encoding', 'The body is not UTF-8.');
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RequestError('malformed-json', 'The body is not JSON.');
  }
}
