import type { Injectable, Token } from '../handlers/injection.js';
import type { HandlerSource } from '../handlers/registration.js';
import type { Event, MessageType } from '../messages/message.js';
import type { ReadModel, ReadModelDefinition } from '../read-models/read-model.js';
import type { ReadModelStore } from '../read-models/read-model-store.js';
import type { EventMeta, RecordedEventMeta } from './event-meta.js';

/**
 * - `partition`: events of each partition in order, partitions side by side; documents must not depend on the
 *   order between partitions.
 * - `global`: one consumer over all partitions, in position order.
 */
export type ProjectionOrdering = 'partition' | 'global';

/** The documents that an event concerns: one, several or none. */
export type DocumentIdsOf<E> = (event: E, meta: RecordedEventMeta) => string | readonly string[];

/** The next state of a document, at once; `null` deletes it. It may change and give back the one it got. */
export type Fold<E, Document> = (
  event: E,
  document: Document | undefined,
  meta: EventMeta,
) => Document | null;

/** One event that a projection folds. Types are erased here: what made the registration has checked them. */
export interface FoldRegistration {
  readonly event: MessageType<Event>;
  readonly idsOf: DocumentIdsOf<never>;
  /** The fold, as a function of the projection's instance, or of nothing for one without a class. */
  readonly bind: (instance: object | undefined) => Fold<never, unknown>;
}

/** A projection as `createApp` takes it, whether made by the decorator or by the function beside it. */
export interface ProjectionRegistration {
  readonly kind: 'projection';
  readonly name: string;
  readonly definition: ReadModelDefinition;
  readonly ordering: ProjectionOrdering;
  /** The store of its documents; `undefined` for the app's own. */
  readonly store: Token<ReadModelStore> | undefined;
  /** The class, or `undefined` where there are only functions. */
  readonly source: Extract<HandlerSource, { readonly kind: 'class' }> | undefined;
  readonly inject: readonly Injectable[] | undefined;
  readonly folds: readonly FoldRegistration[];
  /** What `readModel(…)` gives: query handlers inject it. */
  readonly token: Token<ReadModel<unknown>>;
}

export function isProjectionRegistration(registration: object): registration is ProjectionRegistration {
  return (registration as Partial<ProjectionRegistration>).kind === 'projection';
}
