import { RequestError } from './request-errors.js';

/** Where a request wants to go. */
export type Route =
  | { readonly kind: 'command'; readonly wireName: string }
  | { readonly kind: 'query'; readonly wireName: string }
  | { readonly kind: 'command-status'; readonly messageId: string };

const allowedMethods: Readonly<Record<Route['kind'], readonly string[]>> = {
  command: ['POST'],
  query: ['GET', 'HEAD', 'POST'],
  'command-status': ['GET', 'HEAD'],
};

/**
 * The route of a request.
 * @throws RequestError `not-found` for a path that is none; `method-not-allowed` with `details.allow`, whether
 *   or not there is a message of that name.
 */
export function routeOf(method: string, pathname: string, basePath: string): Route {
  const route = pathname.startsWith(`${basePath}/`) ? match(pathname.slice(basePath.length + 1)) : undefined;
  if (route === undefined) throw new RequestError('not-found', 'There is nothing at this address.');
  const allow = allowedMethods[route.kind];
  if (allow.includes(method)) return route;
  throw new RequestError('method-not-allowed', `Only ${allow.join(', ')} can be used here.`, { allow });
}

function match(path: string): Route | undefined {
  const [, kind, text] = /^(commands\/status|commands|queries)\/([^/]+)$/.exec(path) ?? [];
  const name = text === undefined ? undefined : decode(text);
  if (name === undefined) return undefined;
  if (kind === 'commands/status') return { kind: 'command-status', messageId: name };
  return { kind: kind === 'commands' ? 'command' : 'query', wireName: name };
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
