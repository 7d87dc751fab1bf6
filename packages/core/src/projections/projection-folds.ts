import type { RecordedEvent } from '../journal/journal-entry.js';
import type { Event, MessageType } from '../messages/message.js';
import { decodeMessage } from '../messages/message-codec.js';
import { type RecordedEventMeta, recordedEventMetaOf } from './event-meta.js';
import { type BoundFold, type Concerned, ProjectedEvent } from './projected-event.js';
import { DocumentIdError } from './projection-errors.js';
import type { FoldRegistration, ProjectionRegistration } from './projection-registration.js';

/** All folds of one event. */
interface FoldsOfEvent {
  readonly event: MessageType<Event>;
  readonly folds: BoundFold[];
  readonly idsOf: FoldRegistration['idsOf'][];
}

const maxIdLength = 512;

/** The folds of a projection, bound to its instance. */
export class ProjectionFolds {
  readonly #name: string;
  readonly #byName = new Map<string, FoldsOfEvent>();

  /** `instance` is the resolved class, where the projection has one. */
  constructor(registration: ProjectionRegistration, instance: object | undefined) {
    this.#name = registration.name;
    for (const { event, idsOf, bind } of registration.folds) {
      const known = this.#byName.get(event.wireName) ?? { event, folds: [], idsOf: [] };
      known.folds.push(bind(instance));
      known.idsOf.push(idsOf);
      this.#byName.set(event.wireName, known);
    }
  }

  /**
   * Reads an event; `undefined` for one that is not folded, or that an upcaster dropped.
   * @throws when it cannot be read or names a document that cannot be.
   */
  read(entry: RecordedEvent): ProjectedEvent | undefined {
    const known = this.#byName.get(entry.name);
    const event = known === undefined ? null : decodeMessage(known.event, entry);
    if (event === null) return undefined;
    const meta = recordedEventMetaOf(entry);
    const concerned = known!.idsOf.map((idsOf) => this.#concerned(meta, idsOf(event as never, meta)));
    return new ProjectedEvent(this.#name, event, entry, known!.folds, concerned);
  }

  #concerned(meta: RecordedEventMeta, answer: unknown): Concerned {
    if (isDocumentId(answer)) return answer;
    // Of the set and not of the list: `every` passes over what a list leaves out.
    const names = Array.isArray(answer) ? new Set<unknown>(answer) : undefined;
    if (names !== undefined && [...names].every(isDocumentId)) return names as ReadonlySet<string>;
    throw new DocumentIdError(this.#name, meta.name);
  }
}

function isDocumentId(id: unknown): id is string {
  return typeof id === 'string' && id !== '' && id.length <= maxIdLength;
}
