import { systemClock } from '../clock/system-clock.js';
import { bind } from '../handlers/binding.js';
import { Resolver } from '../handlers/resolver.js';
import { EnvelopeFactory } from '../messages/envelope-factory.js';
import type { ProjectionRegistration } from '../projections/projection-registration.js';
import { ReadModelScope } from '../projections/read-model-scope.js';
import type { ReadModelStore } from '../read-models/read-model-store.js';
import { silentLogger, undisturbedBy } from '../telemetry/logger.js';
import { absentWriteStore } from './absent-write-store.js';
import { auditApp } from './app-audit.js';
import type { AppOptions } from './app-options.js';
import type { AppParts } from './app-parts.js';
import type { Database, WritableDatabase } from './database.js';
import { measuredWriteStore } from './measured-write-store.js';
import { catalogueOf } from './message-catalogue.js';
import { missingOptions } from './option-audit.js';
import { type Registrations, resolvedBy, sortRegistrations } from './registrations.js';
import { allRoles } from './role.js';
import { StartUpError } from './start-up-error.js';

/** @throws StartUpError with everything that is wrong. */
export async function assembleParts(options: AppOptions): Promise<AppParts> {
  const missing = missingOptions(options);
  if (missing.length > 0) throw new StartUpError(String(options.name), missing);
  const { name, database, clock = systemClock, logger = silentLogger } = options;
  const registrations = sortRegistrations(options.handlers);
  const { registry, faults } = catalogueOf(registrations, options.messages ?? []);
  const scope = new ReadModelScope();
  const resolver = await resolverFor(options, registrations, scope);
  const parts: AppParts = {
    options: { ...options, database: writable(database, options) },
    roles: new Set(options.roles ?? allRoles),
    topic: options.topic ?? name,
    queue: options.queue ?? `${name}-commands`,
    registrations,
    registry,
    resolver,
    scope,
    envelopes: new EnvelopeFactory({ source: name, clock }),
    clock,
    logger: undisturbedBy(logger),
    journal: await database.reader.info(),
    owner: `${name}/${crypto.randomUUID()}`,
    storeOf: (projection) => storeOf(projection, options, resolver),
  };
  const all = [...registrations.faults, ...faults, ...(await auditApp(parts))];
  if (all.length > 0) throw new StartUpError(name, all);
  return parts;
}

// A database may be a class with getters, which a spread would lose.
function writable(database: Database, { telemetry }: AppOptions): WritableDatabase {
  const { writeStore = absentWriteStore, reader, subscriptions, readModels, snapshots } = database;
  const isMeasured = telemetry !== undefined && writeStore !== absentWriteStore;
  const measured = isMeasured ? measuredWriteStore(writeStore, telemetry) : writeStore;
  return { writeStore: measured, reader, subscriptions, readModels, snapshots };
}

async function resolverFor(
  { container, resolve, provide = [] }: AppOptions,
  registrations: Registrations,
  scope: ReadModelScope,
): Promise<Resolver> {
  const facades = registrations.projections.map((projection) =>
    bind(projection.token, scope.facade(projection)),
  );
  const resolver = new Resolver({
    container,
    resolve,
    provide: [...facades, ...provide],
  });
  await resolver.prepare(resolvedBy(registrations));
  return resolver;
}

function storeOf(
  { name, store }: ProjectionRegistration,
  { database, readModels = {} }: AppOptions,
  resolver: Resolver,
): ReadModelStore {
  if (Object.hasOwn(readModels, name)) return readModels[name]!;
  // The audit has made sure that one of them is there.
  return store === undefined ? database.readModels! : resolver.get(store);
}
