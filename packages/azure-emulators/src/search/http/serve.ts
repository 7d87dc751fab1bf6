import { setTimeout as wait } from 'node:timers/promises';
import type { FaultPoint, FaultRule } from '../../faults/fault-plan.js';
import { checkAccess } from '../access/access-rules.js';
import { badRequest, SearchError, tooManyRequests, unavailable } from '../search-error.js';
import type { SearchSurroundings } from '../surroundings.js';
import { operationOf, readingOperations, type SearchOperation } from './operation-kind.js';
import { answerTo } from './routes.js';
import type { SearchAnswer, SearchRequest } from './search-request.js';

const faultPoints: Partial<Record<SearchOperation, FaultPoint>> = {
  batch: 'write',
  search: 'query',
  suggest: 'query',
  autocomplete: 'query',
  lookup: 'read',
  count: 'read',
};

/** Does what a request asks, unless something goes wrong by plan. `cut` destroys the connection on which it came. */
export async function serve(
  request: SearchRequest,
  surroundings: SearchSurroundings,
  cut: () => void,
): Promise<SearchAnswer> {
  const operation = operationOf(request);
  if (surroundings.access !== undefined) {
    const credentials = { apiKey: request.header('api-key'), authorization: request.header('authorization') };
    checkAccess(surroundings.access, credentials, readingOperations.has(operation));
  }
  requireVersion(request);
  const { clock, busy, counter } = surroundings;
  const name = request.index ?? '';
  if (clock.now() < busy.until) return refused(counter, name, tooManyRequests(busy.retryAfterInMs));
  const fault = faultFor(operation, name, surroundings);
  switch (fault?.fault) {
    case 'throttle':
      return refused(counter, name, tooManyRequests(fault.retryAfterInMs ?? 10));
    case 'unavailable':
      return refused(counter, name, unavailable(fault.retryAfterInMs ?? 10));
    case 'hold':
      return hold(operation, request, surroundings, { fault, cut });
    case 'delay':
      await wait(fault.delayInMs ?? 100);
      break;
    case 'duplicate':
      // The network makes two of one request, and brings the answer to the second.
      served(operation, request, surroundings);
      break;
    case 'cut-connection':
      if (fault.afterEffect !== true) {
        cut();
        return nobodyHears;
      }
  }
  const answer = served(operation, request, surroundings);
  if (fault?.fault === 'cut-connection') cut();
  return answer;
}

const nobodyHears: SearchAnswer = { status: 503 };

/** The connection is lost, and the request comes later by the emulator's clock, behind others that were sent after it. */
function hold(
  operation: SearchOperation,
  request: SearchRequest,
  surroundings: SearchSurroundings,
  { fault, cut }: { fault: FaultRule; cut: () => void },
): SearchAnswer {
  const { clock, deadlines } = surroundings;
  deadlines.set(clock.now() + (fault.delayInMs ?? 100), () => served(operation, request, surroundings));
  cut();
  return nobodyHears;
}

function faultFor(
  operation: SearchOperation,
  index: string,
  { faults }: SearchSurroundings,
): FaultRule | undefined {
  const point = faultPoints[operation];
  return (point && faults.decide(point, index)) ?? faults.decide('request', index);
}

function served(
  operation: SearchOperation,
  request: SearchRequest,
  surroundings: SearchSurroundings,
): SearchAnswer {
  surroundings.counter.add(request.index ?? '', operation);
  try {
    return answerTo(operation, request, surroundings);
  } catch (error) {
    return refusalOf(error);
  }
}

function refused(counter: SearchSurroundings['counter'], index: string, error: SearchError): SearchAnswer {
  counter.add(index, 'refused');
  return refusalOf(error);
}

/** What a client is told whose request was refused; what is no refusal is a fault of the emulator's. */
export function refusalOf(error: unknown): SearchAnswer {
  const { status, code, message, retryAfterInMs } =
    error instanceof SearchError
      ? error
      : new SearchError(500, 'InternalServerError', 'The request could not be served.');
  return {
    status,
    body: { error: { code, message } },
    headers: retryAfterInMs === undefined ? {} : retryHeaders(retryAfterInMs),
  };
}

/** In seconds where these are whole, as the standard has it; else in milliseconds, which clients know as well. */
function retryHeaders(retryAfterInMs: number): Readonly<Record<string, string>> {
  return retryAfterInMs % 1000 === 0
    ? { 'Retry-After': String(retryAfterInMs / 1000) }
    : { 'retry-after-ms': String(retryAfterInMs) };
}

function requireVersion({ query }: SearchRequest): void {
  const version = query.get('api-version');
  if (version === null) throw badRequest("The 'api-version' query parameter is required.");
  if (!/^\d{4}-\d\d-\d\d(-preview)?$/i.test(version)) throw badRequest(`'${version}' is no api-version.`);
}
