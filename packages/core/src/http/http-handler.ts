import { DiptychError } from '../errors/diptych-error.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import { postCommand } from './command-endpoint.js';
import { getCommandStatus } from './command-status-endpoint.js';
import type { Exchange } from './exchange.js';
import type { HttpApp } from './http-app.js';
import { callerOf, type Identify } from './identity.js';
import { problemResponse } from './problem.js';
import { askQuery } from './query-endpoint.js';
import { withoutBody } from './response.js';
import { routeOf } from './route.js';

export interface HttpHandlerOptions {
  readonly app: HttpApp;
  /** Who is calling. Required, so that nobody forgets it; `() => undefined` makes everybody anonymous. */
  readonly identify: Identify;
  /** In front of `/commands` and `/queries`. Default `''`. */
  readonly basePath?: string | undefined;
  /** The largest body, in bytes. Default 1 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /** How deep the data of a message may be nested. Default 64. */
  readonly maxDepth?: number | undefined;
  /** `WWW-Authenticate` of a 401 that brings none of its own. Default `Bearer`. */
  readonly challenge?: string | undefined;
  /** The request headers by which `identify` decides; they go into `Vary`. Default `Authorization`, `Cookie`. */
  readonly varyBy?: readonly string[] | undefined;
  /** Told of each error that is answered with 5xx: callers learn nothing of it but its code. */
  readonly onError?: ((error: unknown, failed: FailedRequest) => void) | undefined;
}

export interface FailedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/**
 * The app over HTTP, as a plain function that any server can call:
 *
 * - `POST /commands/{wire name}` with JSON → `{ result, messageId }` and `Diptych-Consistency`; with
 *   `Idempotency-Key` it runs once; with `Prefer: respond-async` → 202 and the `Location` of its status.
 * - `GET /commands/status/{messageId}` → what has become of it.
 * - `GET /queries/{wire name}?name=value`, or `POST` with JSON → the result; `Diptych-After` asks for freshness,
 *   for which `Prefer: wait=5` waits 5 seconds at most.
 *
 * It never rejects: everything that fails is `application/problem+json` with a stable `code`.
 * @throws ProgrammingError `option-invalid`, here and now.
 */
export function httpHandler(options: HttpHandlerOptions): (request: Request) => Promise<Response> {
  const { app, identify, maxBodyBytes = 1_048_576, maxDepth = 64, challenge = 'Bearer', onError } = options;
  const basePath = (options.basePath ?? '').replace(/\/+$/, '');
  if (basePath !== '' && !basePath.startsWith('/')) throw invalidOption('basePath', "begins with '/'");
  if (!(maxBodyBytes > 0)) throw invalidOption('maxBodyBytes', 'is a number above 0');
  if (!(maxDepth > 0)) throw invalidOption('maxDepth', 'is a number above 0');
  const varyBy = options.varyBy ?? ['Authorization', 'Cookie'];
  const settings = { app, basePath, varyBy, limits: { maxBodyBytes, maxDepth } };
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const identifyCaller = () => callerOf(request, identify);
    try {
      const response = await answer(
        { ...settings, request, parameters: searchParams, identifyCaller },
        pathname,
      );
      return request.method === 'HEAD' ? withoutBody(response) : response;
    } catch (thrown) {
      const error = request.signal.aborted ? callerGone(thrown) : thrown;
      const response = problemResponse(error, challenge);
      if (response.status >= 500)
        report(onError, error, { method: request.method, path: pathname, status: response.status });
      return request.method === 'HEAD' ? withoutBody(response) : response;
    }
  };
}

function answer(exchange: Exchange, pathname: string): Promise<Response> {
  const route = routeOf(exchange.request.method, pathname, exchange.basePath);
  if (route.kind === 'command') return postCommand(exchange, route.wireName);
  if (route.kind === 'query') return askQuery(exchange, route.wireName);
  return getCommandStatus(exchange, route.messageId);
}

function invalidOption(option: string, requirement: string): ProgrammingError {
  return new ProgrammingError('option-invalid', `The option \`${option}\` ${requirement}.`, { option });
}

function callerGone(cause: unknown): DiptychError {
  return new DiptychError({ code: 'aborted', message: 'The caller stopped waiting.', cause });
}

function report(onError: HttpHandlerOptions['onError'], error: unknown, failed: FailedRequest): void {
  try {
    onError?.(error, failed);
  } catch {
    // The caller is owed an answer, whatever becomes of the log.
  }
}
