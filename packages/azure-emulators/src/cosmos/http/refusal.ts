import { metadataCharge, refusedCharge, throttledCharge } from '../charges/request-charges.js';
import { CosmosError } from '../cosmos-error.js';
import type { CosmosAnswer } from './cosmos-request.js';

const charges: Readonly<Record<number, number>> = { 404: metadataCharge, 429: throttledCharge };

/** What a client is told whose request was refused; what is no refusal is a fault of the emulator's. */
export function refusalOf(error: unknown): CosmosAnswer {
  const { status, code, message, extra } =
    error instanceof CosmosError
      ? error
      : new CosmosError(500, 'InternalServerError', 'The request could not be served.');
  return {
    status,
    body: { code, message },
    headers: {
      ...(extra.substatus !== undefined && { 'x-ms-substatus': String(extra.substatus) }),
      ...(extra.retryAfterInMs !== undefined && { 'x-ms-retry-after-ms': String(extra.retryAfterInMs) }),
    },
    charge: charges[status] ?? refusedCharge,
  };
}
