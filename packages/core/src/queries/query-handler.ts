import type { Injectable, Injected } from '../handlers/injection.js';
import type { InjectableClass, Matches } from '../handlers/matching.js';
import type { Policy } from '../handlers/policy.js';
import {
  attachRegistration,
  type Lifetime,
  type MessageHandlerRegistration,
} from '../handlers/registration.js';
import type { MessageType, Query, ResultOf } from '../messages/message.js';
import { requireDefinition } from '../messages/message-registry.js';
import type { RetryPolicy } from '../pipeline/retry-policy.js';
import type { QueryCacheOptions } from './cache/query-cache-options.js';
import type { QueryContext } from './query-context.js';

export interface QueryHandlerOptions<Q extends Query, List> {
  /** What the constructor is given, in its order; a function handler gets it behind query and context. */
  readonly inject?: List | undefined;
  /** Who may ask. Without a policy nobody may, and `createApp` refuses to start. */
  readonly authorize?: Policy<Q> | undefined;
  /** Default `singleton`. */
  readonly lifetime?: Lifetime | undefined;
  /** How long it may take, in milliseconds. Default: the app's limit. */
  readonly timeoutInMs?: number | undefined;
  /**
   * What is tried again, beside what the app's policy says. A rule here takes the place of the app's rule of that
   * name; `{}` means never.
   */
  readonly retry?: RetryPolicy | undefined;
  /** Keeps answers for callers who ask the same. Only answers that JSON brings back as they are. Default: none. */
  readonly cache?: QueryCacheOptions | undefined;
  /** What HTTP answers as `Cache-Control`. Default `no-store`. */
  readonly cacheControl?: string | undefined;
}

/** A handler class of a query. `handle` gives what the query declares as its result. */
export interface HandlesQuery<Q extends Query> {
  // A property, not a method: methods would also fit with narrower parameters.
  handle: (query: Q, context: QueryContext) => ResultOf<Q> | Promise<ResultOf<Q>>;
}

export interface QueryRegistration extends MessageHandlerRegistration {
  readonly kind: 'query';
  readonly timeoutInMs: number | undefined;
  readonly retry: RetryPolicy | undefined;
  readonly cache: QueryCacheOptions | undefined;
  readonly cacheControl: string | undefined;
}

/** Makes a class the handler of a query. Works as a legacy and as a standard decorator. */
export function QueryHandler<
  Q extends Query,
  const List extends readonly Injectable[] | undefined = undefined,
>(type: MessageType<Q>, options: QueryHandlerOptions<NoInfer<Q>, List> = {}) {
  return <Type extends InjectableClass & (new (...dependencies: never) => HandlesQuery<Q>)>(
    target: Type & Matches<Type, List>,
    _context?: unknown,
  ): void => {
    const source = { kind: 'class', type: target, lifetime: options.lifetime ?? 'singleton' } as const;
    attachRegistration(target, registrationFor(type, options, source, target.name));
  };
}

/** Dependencies of a function handler, behind query and context. */
type Dependencies<List> = List extends readonly Injectable[] ? Injected<List> : [];

/** As the decorator `QueryHandler`, for a function. */
export function queryHandler<
  Q extends Query,
  const List extends readonly Injectable[] | undefined = undefined,
>(
  type: MessageType<Q>,
  options: Omit<QueryHandlerOptions<NoInfer<Q>, List>, 'lifetime'>,
  handle: (
    query: NoInfer<Q>,
    context: QueryContext,
    ...dependencies: Dependencies<List>
  ) => ResultOf<NoInfer<Q>> | Promise<ResultOf<NoInfer<Q>>>,
): QueryRegistration {
  return registrationFor(
    type,
    options,
    { kind: 'function', handle: handle as (...input: never[]) => unknown },
    type?.wireName,
  );
}

function registrationFor(
  message: MessageType,
  options: QueryHandlerOptions<never, readonly Injectable[] | undefined>,
  source: MessageHandlerRegistration['source'],
  name: string,
): QueryRegistration {
  requireDefinition(message);
  const { inject, authorize, timeoutInMs, retry, cache, cacheControl } = options;
  return { kind: 'query', name, message, source, inject, authorize, timeoutInMs, retry, cache, cacheControl };
}
