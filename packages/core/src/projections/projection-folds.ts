import type { RecordedEvent } from '../journal/journal-entry.js';
import type { Event } from '../messages/message.js';
import { decodeMessage } from '../messages/message-codec.js';
import type { DocumentId } from '../read-models/document.js';
import { type RecordedEventMeta, recordedEventMetaOf } from './event-meta.js';
import { AsynchronousFoldError, DocumentIdError, FoldGaveNothingError } from './projection-errors.js';
import type { FoldRegistration, ProjectionRegistration } from './projection-registration.js';

type BoundFold = ReturnType<FoldRegistration['bind']>;

interface FoldOfEvent extends FoldRegistration {
  readonly fold: BoundFold;
}

/** An event as it was read: once, though it is asked for its documents first and folded later. */
interface ReadEvent {
  readonly event: Event;
  readonly meta: RecordedEventMeta;
  /** Each fold of it, with the documents that it concerns. */
  readonly folds: readonly Concerned[];
}

interface Concerned {
  readonly fold: BoundFold;
  /** Each once. */
  readonly ids: readonly string[];
  /** The same, where they may be many. */
  readonly known: ReadonlySet<string> | undefined;
}

const maxIdLength = 512;

/** The folds of a projection, bound to its instance: which documents an event concerns, and what it makes of them. */
export class ProjectionFolds {
  readonly #name: string;
  readonly #byName = new Map<string, FoldOfEvent[]>();
  readonly #read = new WeakMap<RecordedEvent, ReadEvent | null>();

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
    const read = this.#readEvent(entry);
    if (read === null) return [];
    const [first, ...others] = read.folds;
    return others.length === 0 ? first!.ids : [...new Set(read.folds.flatMap(({ ids }) => ids))];
  }

  /** The body that an event makes of a document's body; `null` for none. */
  apply(entry: RecordedEvent, id: DocumentId, body: string | null): string | null {
    const read = this.#readEvent(entry);
    let after = body;
    for (const concerned of read?.folds ?? []) {
      if (concerns(concerned, id.name)) after = this.#fold(concerned.fold, read!, id, after);
    }
    return after;
  }

  #fold(
    fold: BoundFold,
    { event, meta }: ReadEvent,
    { name }: DocumentId,
    body: string | null,
  ): string | null {
    // Parsed anew for each event: what a fold does to its copy before it fails leaves nothing behind.
    const document: unknown = body === null ? undefined : JSON.parse(body);
    const next = fold(event as never, document, { ...meta, documentId: name });
    if (next === null) return null;
    if (typeof next !== 'object') throw new FoldGaveNothingError(this.#name, meta.name);
    if (typeof (next as Partial<PromiseLike<unknown>>).then === 'function') {
      // Its rejection, if it comes, is of no further interest.
      Promise.resolve(next).catch(() => undefined);
      throw new AsynchronousFoldError(this.#name, meta.name);
    }
    return JSON.stringify(next);
  }

  /** `null` for an event that is not folded or that an upcaster dropped. */
  #readEvent(entry: RecordedEvent): ReadEvent | null {
    const known = this.#read.get(entry);
    if (known !== undefined) return known;
    const folds = this.#byName.get(entry.name);
    const event = folds === undefined ? null : decodeMessage(folds[0]!.event, entry);
    const read = event === null ? null : this.#concerned(event, entry, folds!);
    this.#read.set(entry, read);
    return read;
  }

  #concerned(event: Event, entry: RecordedEvent, folds: readonly FoldOfEvent[]): ReadEvent {
    const meta = recordedEventMetaOf(entry);
    const concerned = folds.map(({ fold, idsOf }) => {
      const answer: unknown = idsOf(event as never, meta);
      const known = Array.isArray(answer) ? new Set<unknown>(answer) : undefined;
      const ids = known === undefined ? [answer] : [...known];
      if (!ids.every(isDocumentId)) throw new DocumentIdError(this.#name, entry.name);
      return { fold, ids, known } as Concerned;
    });
    return { event, meta, folds: concerned };
  }
}

function concerns({ ids, known }: Concerned, name: string): boolean {
  return known === undefined ? ids[0] === name : known.has(name);
}

function isDocumentId(id: unknown): boolean {
  return typeof id === 'string' && id !== '' && id.length <= maxIdLength;
}
