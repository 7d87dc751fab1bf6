import type { Event } from '../messages/message.js';
import { eventMetaOf, type RecordedEventMeta } from './event-meta.js';
import { AsynchronousFoldError, FoldGaveNothingError } from './projection-errors.js';
import type { FoldRegistration } from './projection-registration.js';

type BoundFold = ReturnType<FoldRegistration['bind']>;

/** One fold of an event, with the documents that it concerns. */
export interface Concerned {
  readonly fold: BoundFold;
  /** Each once. */
  readonly ids: readonly string[];
  /** The same, where they may be many. */
  readonly known: ReadonlySet<string> | undefined;
}

/** An event as a projection reads it: which documents it concerns, and what it makes of each. */
export class ProjectedEvent {
  readonly #projection: string;
  readonly #event: Event;
  readonly #meta: RecordedEventMeta;
  readonly #folds: readonly Concerned[];

  constructor(projection: string, event: Event, meta: RecordedEventMeta, folds: readonly Concerned[]) {
    this.#projection = projection;
    this.#event = event;
    this.#meta = meta;
    this.#folds = folds;
  }

  /** The names of the documents, each once. */
  get ids(): readonly string[] {
    const [first, ...others] = this.#folds;
    return others.length === 0 ? first!.ids : [...new Set(this.#folds.flatMap(({ ids }) => ids))];
  }

  /** The body that it makes of the body of the document of that name; `null` for none. */
  apply(name: string, body: string | null): string | null {
    let after = body;
    for (const concerned of this.#folds) {
      if (concerns(concerned, name)) after = this.#fold(concerned.fold, name, after);
    }
    return after;
  }

  #fold(fold: BoundFold, name: string, body: string | null): string | null {
    // Parsed anew for each event: what a fold does to its copy before it fails leaves nothing behind.
    const document: unknown = body === null ? undefined : JSON.parse(body);
    const next = fold(this.#event as never, document, eventMetaOf(this.#meta, name));
    if (next === null) return null;
    if (typeof next !== 'object') throw new FoldGaveNothingError(this.#projection, this.#meta.name);
    if (typeof (next as Partial<PromiseLike<unknown>>).then === 'function') {
      // Its rejection, if it comes, is of no further interest.
      Promise.resolve(next).catch(() => undefined);
      throw new AsynchronousFoldError(this.#projection, this.#meta.name);
    }
    return JSON.stringify(next);
  }
}

function concerns({ ids, known }: Concerned, name: string): boolean {
  return known === undefined ? ids[0] === name : known.has(name);
}
