import type { Event, MessageType } from '../messages/message.js';
import { requireDefinition } from '../messages/message-registry.js';
import { type FieldOf, type ProjectionOptions, projectionRegistration } from './projection-options.js';
import type {
  DocumentIdsOf,
  Fold,
  FoldRegistration,
  ProjectionRegistration,
} from './projection-registration.js';

declare const folded: unique symbol;

interface IndexOf<Document> {
  readonly by: readonly FieldOf<Document>[];
  readonly sort?: FieldOf<Document>;
}

/** A projection made of functions. It is a registration as it stands; `on` makes one with another fold. */
export interface DefinedProjection<Document> extends ProjectionRegistration {
  readonly [folded]?: Document;
  /** The same projection, which also folds events of this type into the documents that `idsOf` names. */
  on<E extends Event>(
    event: MessageType<E>,
    idsOf: DocumentIdsOf<E>,
    fold: Fold<E, Document>,
  ): DefinedProjection<Document>;
}

/** The function beside `@Projection`, for those who want no classes. Both make the same registration. */
export function defineProjection<Document extends object>(
  options: ProjectionOptions<Readonly<Record<string, IndexOf<Document>>>>,
): DefinedProjection<Document> {
  return withFolds(projectionRegistration(options, { source: undefined, inject: [], folds: [] }));
}

function withFolds<Document>(registration: ProjectionRegistration): DefinedProjection<Document> {
  return {
    ...registration,
    on(event, idsOf, fold) {
      requireDefinition(event);
      const added: FoldRegistration = {
        event: event as MessageType<Event>,
        idsOf: idsOf as DocumentIdsOf<never>,
        bind: () => fold as Fold<never, unknown>,
      };
      return withFolds({ ...registration, folds: [...registration.folds, added] });
    },
  };
}
