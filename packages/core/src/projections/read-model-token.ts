import { ProgrammingError } from '../errors/programming-errors.js';
import type { Token } from '../handlers/injection.js';
import { registrationOf } from '../handlers/registration.js';
import type { ReadModel } from '../read-models/read-model.js';
import type { DefinedProjection } from './define-projection.js';
import type { FoldsInto } from './projection.js';
import { isProjectionRegistration, type ProjectionRegistration } from './projection-registration.js';

/** A projection as programs name it: its class, or what `defineProjection` gave. */
export type ProjectionSource<Document = unknown> =
  // biome-ignore lint/suspicious/noExplicitAny: only the documents matter, whatever the class is constructed from
  (abstract new (...dependencies: any) => FoldsInto<Document>) | DefinedProjection<Document>;

/**
 * What a query handler injects to read a projection's documents. Which projections a query reads follows from it.
 * @throws ProgrammingError `not-a-projection` for a class without `@Projection`.
 */
export function readModel<Document>(source: ProjectionSource<Document>): Token<ReadModel<Document>> {
  return projectionRegistrationOf(source).token as Token<ReadModel<Document>>;
}

/** @throws ProgrammingError `not-a-projection`. */
export function projectionRegistrationOf(source: object): ProjectionRegistration {
  if (source === undefined || source === null) {
    throw new ProgrammingError(
      'not-a-projection',
      `readModel(…) was given ${source}. Do two files import each other?`,
    );
  }
  const registration = isProjectionRegistration(source) ? source : registrationOf(source);
  if (registration !== undefined && isProjectionRegistration(registration)) return registration;
  throw new ProgrammingError(
    'not-a-projection',
    `'${(source as { name?: string }).name ?? typeof source}' is not a projection; decorate it with @Projection or make it with defineProjection().`,
  );
}
