import { MemoryQueryCacheStore } from '../memory/memory-query-cache-store.js';
import { Freshness } from '../projections/freshness.js';
import type { ServingCopies } from '../projections/serving-copies.js';
import { createQueryBus, type RunningQueryBus } from '../queries/create-query-bus.js';
import { queryBehaviors } from '../queries/query-behaviors.js';
import { copiesReadBy, readModelBehavior } from '../queries/read-model-behavior.js';
import { findOpenSession } from '../unit-of-work/current-session.js';
import type { AppParts } from './app-parts.js';

export function queryBusOf(parts: AppParts, serving: ServingCopies): RunningQueryBus {
  const { options, registrations, resolver, envelopes, clock, logger, storeOf, scope, journal } = parts;
  const { telemetry, queries = {}, database, name: program } = options;
  const freshness = new Freshness({ subscriptions: database.subscriptions, reader: database.reader, clock });
  const { projections } = registrations;
  return createQueryBus({
    handlers: registrations.queries,
    resolver,
    envelopes,
    behaviors: queryBehaviors({
      clock,
      logger,
      telemetry,
      ...queries,
      cache: {
        ...queries.cache,
        store: queries.cache?.store ?? new MemoryQueryCacheStore({ clock }),
        program,
        copiesReadBy: (handler) => copiesReadBy(handler, { projections, serving }),
      },
      readModels: readModelBehavior({ projections, storeOf, serving, scope, freshness }),
    }),
    incarnation: () => journal.incarnation,
    insideSession: () => findOpenSession() !== undefined,
  });
}
