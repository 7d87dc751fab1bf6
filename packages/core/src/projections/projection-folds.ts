import type { RecordedEvent } from '../journal/journal-entry.js';
import type { Event } from '../messages/message.js';
import { decodeMessage } from '../messages/message-codec.js';
import { type RecordedEventMeta, recordedEventMetaOf } from './event-meta.js';
import { type Concerned, ProjectedEvent } from './projected-event.js';
import { DocumentIdError } from './projection-errors.js';
import type { FoldRegistration, ProjectionRegistration } from './projection-registration.js';

interface FoldOfEvent extends FoldRegistration {
  readonly fold: Concerned['fold'];
}

const maxIdLength = 512;

/** The folds of a projection, bound to its instance. */
export class ProjectionFolds {
  readonly #name: string;
  readonly #byName = new Map<string, FoldOfEvent[]>();

  /** `instance` is the resolved class, where the projection has one. */
  constructor(registration: ProjectionRegistration, instance: object | undefined) {
    this.#name = registration.name;
    for (const fold of registration.folds) {
      const bound = { ...fold, fold: fold.bind(instance) };
      this.#byName.set(fold.event.wireName, [...(this.#byName.get(fold.event.wireName) ?? []), bound]);
    }
  }

  /**
   * Reads an event; `undefined` for one that is not folded, or that an upcaster dropped.
   * @throws when it cannot be read or names a document that cannot be.
   */
  read(entry: RecordedEvent): ProjectedEvent | undefined {
    const folds = this.#byName.get(entry.name);
    const event = folds === undefined ? null : decodeMessage(folds[0]!.event, entry);
    if (event === null) return undefined;
    const meta = recordedEventMetaOf(entry);
    return new ProjectedEvent(this.#name, event, meta, this.#concerned(event, meta, folds!));
  }

  #concerned(event: Event, meta: RecordedEventMeta, folds: readonly FoldOfEvent[]): readonly Concerned[] {
    return folds.map(({ fold, idsOf }) => {
      const answer: unknown = idsOf(event as never, meta);
      const known = Array.isArray(answer) ? new Set<unknown>(answer) : undefined;
      const ids = known === undefined ? [answer] : [...known];
      if (!ids.every(isDocumentId)) throw new DocumentIdError(this.#name, meta.name);
      return { fold, ids, known } as Concerned;
    });
  }
}

function isDocumentId(id: unknown): boolean {
  return typeof id === 'string' && id !== '' && id.length <= maxIdLength;
}
