import {
  ConcurrencyConflictError,
  DiptychError,
  isDiptychError,
  OutcomeUnknownError,
  UnavailableError,
} from '@diptych/core';
import { mayBeDone, type RequestFailure, requestFailure } from './request-failure.js';

/** What was asked of the service. */
export interface AskedOf {
  /** For people, after "could not": `write documents`. */
  readonly doing: string;
  readonly container?: string | undefined;
  /** That it writes: where an answer got lost, nobody knows what was done. Default false. */
  readonly writes?: boolean | undefined;
}

/**
 * A failed request as one of our errors. Answers that a caller is prepared for (404 of an item, 409, 412) are its own to
 * look at first. The messages and causes have neither what the request carried nor what the service said of that.
 */
export function cosmosError(error: unknown, asked: AskedOf): DiptychError {
  if (isDiptychError(error)) return error;
  const failure = requestFailure(error);
  const refusal = refusalOf(failure);
  if (refusal !== undefined) return refused(refusal, failure, asked);
  if (failure.status === 409 || failure.status === 412 || failure.status === 449)
    return new ConcurrencyConflictError(
      messageOf(asked, failure, 'somebody else wrote the same at the same time'),
      detailsOf(asked, failure),
      causeOf(failure),
    );
  if (asked.writes === true && mayBeDone(error))
    return new OutcomeUnknownError(
      messageOf(asked, failure, 'no answer says whether it was done'),
      detailsOf(asked, failure),
      causeOf(failure),
    );
  return new UnavailableError(messageOf(asked, failure, 'it does not answer as it should'), causeOf(failure));
}

interface Refusal {
  readonly code: string;
  readonly what: string;
  readonly retryable?: boolean;
  /** That the message is at fault. */
  readonly ofMessage?: boolean;
}

const login: Refusal = {
  code: 'database-login',
  what: 'the service refused the key or the credential',
};
const forbidden: Refusal = {
  code: 'database-forbidden',
  what: 'the key or the credential does not give the right to',
};
const missing: Refusal = {
  code: 'container-missing',
  what: "the container or its database is not there: let the program make it (provision: 'create'), or make it by hand",
};
const partitionFull: Refusal = {
  code: 'partition-full',
  what: 'a logical partition has as much in it as one can hold',
};
const tooLarge: Refusal = {
  code: 'document-too-large',
  what: 'it is larger than the service takes (2 MB)',
  ofMessage: true,
};
const throttled: Refusal = {
  code: 'throttled',
  what: 'the service throttles. Nothing was done',
  retryable: true,
};
const notUnderstood: Refusal = {
  code: 'cosmos-refused',
  what: 'the service found the request wrong',
  ofMessage: true,
};

const refusals: Readonly<Record<number, Refusal>> = {
  400: notUnderstood,
  401: login,
  403: forbidden,
  404: missing,
  413: tooLarge,
  429: throttled,
};

/** What a substatus makes of a status; `undefined`: it will pass. */
const bySubstatus: Readonly<Record<string, Refusal | undefined>> = {
  // Another region writes now, or the account is on its way to one.
  '403/3': undefined,
  '403/1008': undefined,
  '403/1014': partitionFull,
  // The replica has not come as far as the session token says.
  '404/1002': undefined,
};

function refusalOf({ status = 0, substatus = 0 }: RequestFailure): Refusal | undefined {
  const both = `${status}/${substatus}`;
  return both in bySubstatus ? bySubstatus[both] : refusals[status];
}

function refused(
  { code, what, retryable = false, ofMessage = false }: Refusal,
  failure: RequestFailure,
  asked: AskedOf,
): DiptychError {
  return new DiptychError({
    code,
    message: messageOf(asked, failure, what),
    retryable,
    origin: ofMessage ? 'message' : 'infrastructure',
    details: detailsOf(asked, failure),
    cause: causeOf(failure),
  });
}

function messageOf({ doing, container }: AskedOf, failure: RequestFailure, what: string): string {
  const where = container === undefined ? '' : ` in '${container}'`;
  return `Cosmos DB could not ${doing}${where}: ${what} (${codeOf(failure)}).`;
}

/** They reach callers over HTTP. */
function detailsOf(
  { container }: AskedOf,
  { status, retryAfterInMs }: RequestFailure,
): Readonly<Record<string, unknown>> {
  return {
    ...(status !== undefined && { status }),
    ...(container !== undefined && { container }),
    ...(retryAfterInMs !== undefined && { retryAfterInMs }),
  };
}

/** Errors of the SDK hold the request, with its signature and what it carried, and causes are logged. */
function causeOf(failure: RequestFailure): Error {
  const { status, substatus, activityId } = failure;
  return Object.assign(new Error(`Cosmos DB: ${codeOf(failure)}`), { status, substatus, activityId });
}

function codeOf({ status, substatus, name, activityId }: RequestFailure): string {
  const code = status === undefined ? (name ?? 'no answer') : `status ${status}/${substatus ?? 0}`;
  return activityId === undefined ? code : `${code}, activity ${activityId}`;
}
