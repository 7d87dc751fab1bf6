import type { RecordedEvent } from '../journal/journal-entry.js';
import type { Event } from '../messages/message.js';
import { decodeMessage } from '../messages/message-codec.js';
import type { DocumentId } from '../read-models/document.js';
import { recordedEventMetaOf } from './event-meta.js';
import { AsynchronousFoldError, DocumentIdError, FoldGaveNothingError } from './projection-errors.js';
import type { FoldRegistration, ProjectionRegistration } from './projection-registration.js';

interface BoundFold extends FoldRegistration {
  readonly fold: ReturnType<FoldRegistration['bind']>;
}

const maxIdLength = 512;

/** The folds of a projection, bound to its instance: which documents an event concerns, and what it makes of them. */
export class ProjectionFolds {
  readonly #name: string;
  readonly #byName = new Map<string, BoundFold[]>();
  // An event is read once, though it is asked for its documents first and folded later.
  readonly #read = new WeakMap<RecordedEvent, Event | null>();

  /** `instance` is the resolved class, where the projection has one. */
  constructor(registration: ProjectionRegistration, instance: object | undefined) {
    this.#name = registration.name;
    for (const fold of registration.folds) {
      const bound = { ...fold, fold: fold.bind(instance) };
      this.#byName.set(fold.event.wireName, [...(this.#byName.get(fold.event.wireName) ?? []), bound]);
    }
  }

  /**
   * The names of the documents that an event concerns, each once; none for an event that is not folded.
   * @throws when the event cannot be read or names a document that cannot be.
   */
  idsOf(entry: RecordedEvent): readonly string[] {
    const folds = this.#byName.get(entry.name);
    if (folds === undefined) return [];
    const event = this.#eventIn(entry, folds);
    if (event === null) return [];
    return [...new Set(folds.flatMap((fold) => this.#idsBy(fold, event, entry)))];
  }

  /** The body that an event makes of a document's body; `null` for none. */
  apply(entry: RecordedEvent, id: DocumentId, body: string | null): string | null {
    const folds = this.#byName.get(entry.name) ?? [];
    const event = this.#eventIn(entry, folds);
    if (event === null) return body;
    let after = body;
    for (const fold of folds) {
      if (this.#idsBy(fold, event, entry).includes(id.name))
        after = this.#fold(fold, event, entry, id, after);
    }
    return after;
  }

  #fold(
    fold: BoundFold,
    event: Event,
    entry: RecordedEvent,
    id: DocumentId,
    body: string | null,
  ): string | null {
    // Parsed anew for each event: what a fold does to its copy before it fails leaves nothing behind.
    const document: unknown = body === null ? undefined : JSON.parse(body);
    const next = fold.fold(event as never, document, { ...recordedEventMetaOf(entry), documentId: id.name });
    if (next === null) return null;
    if (typeof next !== 'object') throw new FoldGaveNothingError(this.#name, entry.name);
    if (typeof (next as Partial<PromiseLike<unknown>>).then === 'function') {
      // Its rejection, if it comes, is of no further interest.
      Promise.resolve(next).catch(() => undefined);
      throw new AsynchronousFoldError(this.#name, entry.name);
    }
    return JSON.stringify(next);
  }

  #idsBy(fold: BoundFold, event: Event, entry: RecordedEvent): readonly string[] {
    const answer = fold.idsOf(event as never, recordedEventMetaOf(entry));
    const ids = Array.isArray(answer) ? (answer as readonly string[]) : [answer as string];
    for (const id of ids) {
      if (typeof id !== 'string' || id === '' || id.length > maxIdLength)
        throw new DocumentIdError(this.#name, entry.name);
    }
    return ids;
  }

  #eventIn(entry: RecordedEvent, folds: readonly BoundFold[]): Event | null {
    const known = this.#read.get(entry);
    if (known !== undefined) return known;
    const event = decodeMessage(folds[0]!.event, entry);
    this.#read.set(entry, event);
    return event;
  }
}
