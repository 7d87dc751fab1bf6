import type { Injectable } from '../handlers/injection.js';
import type { MessageHandlerRegistration } from '../handlers/registration.js';
import { serviceOf } from '../handlers/service.js';
import type { ConsistencyToken } from '../journal/consistency-token.js';
import type { Behavior, HandlingContext, Step } from '../pipeline/behavior.js';
import type { Freshness } from '../projections/freshness.js';
import type { ProjectionRegistration } from '../projections/projection-registration.js';
import type { ReadModelScope } from '../projections/read-model-scope.js';
import type { ServingCopies } from '../projections/serving-copies.js';
import { subscriptionNameOf } from '../projections/subscription-name.js';
import type { ReadModel } from '../read-models/read-model.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';

/** What this behavior needs of a query's context. */
export interface ReadingContext extends HandlingContext {
  readonly tenant: string;
  readonly options: {
    readonly after?: ConsistencyToken;
    readonly afterTimeoutInMs?: number;
  };
}

export interface ReadModelBehaviorOptions {
  readonly projections: readonly ProjectionRegistration[];
  readonly storeOf: (registration: ProjectionRegistration) => ReadModelStore;
  readonly serving: ServingCopies;
  readonly scope: ReadModelScope;
  readonly freshness: Freshness;
}

/**
 * Chooses one copy of each read model that a query reads, waits until it is as fresh as asked, and lets the handler
 * read that very copy. Queries that read none pass by.
 */
export function readModelBehavior<Context extends ReadingContext>(
  options: ReadModelBehaviorOptions,
): Behavior<Context> {
  return {
    name: 'read models',
    wrap(next, handler) {
      const read = projectionsReadBy(handler, options.projections);
      return read.length === 0 ? next : readingStep(next, read, options);
    },
  };
}

/** The projections that a query handler reads: those in its inject list, and in those of the services in it. */
export function projectionsReadBy(
  handler: Pick<MessageHandlerRegistration, 'inject'>,
  projections: readonly ProjectionRegistration[],
): readonly ProjectionRegistration[] {
  const seen = new Set<Injectable>();
  const visit = (inject: readonly Injectable[]): void => {
    for (const target of inject) {
      if (seen.has(target)) continue;
      seen.add(target);
      visit(serviceOf(target)?.inject ?? []);
    }
  };
  visit(handler.inject ?? []);
  return projections.filter(({ token }) => seen.has(token));
}

function readingStep<Context extends ReadingContext>(
  next: Step<Context>,
  read: readonly ProjectionRegistration[],
  { storeOf, serving, scope, freshness }: ReadModelBehaviorOptions,
): Step<Context> {
  return async (message, context) => {
    const copies = new Map<ProjectionRegistration, Copy>();
    for (const registration of read) copies.set(registration, await serving.of(registration));
    const { after, afterTimeoutInMs } = context.options;
    if (after !== undefined) {
      await freshness.waitUntil([...copies.values()].map(subscriptionNameOf), after, {
        abortSignal: context.abortSignal,
        ...(afterTimeoutInMs === undefined ? {} : { timeoutInMs: afterTimeoutInMs }),
      });
    }
    const open = new Map<ProjectionRegistration, ReadModel<unknown>>();
    for (const [registration, copy] of copies) {
      open.set(registration, storeOf(registration).open(registration.definition, copy, context.tenant));
    }
    return scope.run(open, () => next(message, context));
  };
}
