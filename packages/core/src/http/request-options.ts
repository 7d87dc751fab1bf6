import { type ConsistencyToken, consistencyToken } from '../journal/consistency-token.js';
import type { MessageOptions } from '../messages/message-options.js';
import type { Caller } from './identity.js';
import { RequestError } from './request-errors.js';

/** What every message is given from its request: who, the trace, and the signal that the caller has gone. */
export function messageOptions(request: Request, caller: Caller): MessageOptions {
  return {
    subject: caller.subject,
    tenant: caller.tenant,
    abortSignal: request.signal,
    ...traceContext(request.headers),
  };
}

/** W3C trace context. What cannot be read is passed over, as that standard asks. */
function traceContext(headers: Headers): Pick<MessageOptions, 'traceparent' | 'tracestate'> {
  const traceparent = headers.get('traceparent')?.trim() ?? '';
  if (!/^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(traceparent))
    return {};
  const tracestate = headers.get('tracestate') ?? '';
  return /^[\x20-\x7e]{1,512}$/.test(tracestate) ? { traceparent, tracestate } : { traceparent };
}

/**
 * The `Idempotency-Key`: 1 to 255 visible ASCII characters, with or without quotes around them.
 * @throws RequestError `invalid-header`.
 */
export function idempotencyKeyOf(headers: Headers): string | undefined {
  const text = headers.get('idempotency-key');
  if (text === null) return undefined;
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new RequestError('invalid-header', 'An Idempotency-Key has 1 to 255 visible ASCII characters.', {
    header: 'Idempotency-Key',
  });
}

/**
 * What the answer must be at least as fresh as.
 * @throws DiptychError `invalid-consistency`.
 */
export function afterOf(headers: Headers): ConsistencyToken | undefined {
  const text = headers.get('diptych-after');
  return text === null ? undefined : consistencyToken(text);
}

export function prefersAsync(headers: Headers): boolean {
  return preferencesOf(headers).includes('respond-async');
}

/** `Prefer: wait=10`: for how many seconds the caller would wait. What cannot be read is passed over, as RFC 7240 asks. */
export function preferredWaitInS(headers: Headers): number | undefined {
  for (const preference of preferencesOf(headers)) {
    const seconds = /^wait ?= ?"?(\d{1,6})"?$/.exec(preference)?.[1];
    if (seconds !== undefined) return Number(seconds);
  }
  return undefined;
}

function preferencesOf(headers: Headers): readonly string[] {
  return (headers.get('prefer') ?? '').split(/[,;]/).map((preference) => preference.trim().toLowerCase());
}
