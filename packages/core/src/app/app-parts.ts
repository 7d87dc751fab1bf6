import type { Clock } from '../clock/clock.js';
import type { Resolver } from '../handlers/resolver.js';
import type { JournalInfo } from '../journal/journal-reader.js';
import type { EnvelopeFactory } from '../messages/envelope-factory.js';
import type { MessageRegistry } from '../messages/message-registry.js';
import type { ProjectionRegistration } from '../projections/projection-registration.js';
import type { ReadModelScope } from '../projections/read-model-scope.js';
import type { ReadModelStore } from '../read-models/read-model-store.js';
import type { Logger } from '../telemetry/logger.js';
import type { AppOptions } from './app-options.js';
import type { WritableDatabase } from './database.js';
import type { Registrations } from './registrations.js';
import type { Role } from './role.js';

/** Everything that the parts of an app are made from, checked. */
export interface AppParts {
  readonly options: AppOptions & { readonly database: WritableDatabase };
  readonly roles: ReadonlySet<Role>;
  readonly topic: string;
  readonly queue: string;
  readonly registrations: Registrations;
  readonly registry: MessageRegistry;
  readonly resolver: Resolver;
  readonly scope: ReadModelScope;
  readonly envelopes: EnvelopeFactory;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly journal: JournalInfo;
  /** Who this process is, in leases: unique per process and start. */
  readonly owner: string;
  readonly storeOf: (projection: ProjectionRegistration) => ReadModelStore;
}
