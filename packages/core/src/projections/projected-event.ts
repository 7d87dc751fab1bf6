import type { RecordedEvent } from '../journal/journal-entry.js';
import type { Event } from '../messages/message.js';
import { eventMetaOf } from './event-meta.js';
import { AsynchronousFoldError, FoldGaveNothingError } from './projection-errors.js';
import type { FoldRegistration } from './projection-registration.js';

/** A fold, bound to the projection's instance. */
export type BoundFold = ReturnType<FoldRegistration['bind']>;

/** The documents that one fold concerns: mostly one. */
export type Concerned = string | ReadonlySet<string>;

/** An event as a projection reads it: which documents it concerns, and what it makes of each. */
export class ProjectedEvent {
  readonly #projection: string;
  readonly #event: Event;
  readonly #entry: RecordedEvent;
  readonly #folds: readonly BoundFold[];
  readonly #concerned: readonly Concerned[];

  /** `concerned`: by each of the folds. */
  constructor(
    projection: string,
    event: Event,
    entry: RecordedEvent,
    folds: readonly BoundFold[],
    concerned: readonly Concerned[],
  ) {
    this.#projection = projection;
    this.#event = event;
    this.#entry = entry;
    this.#folds = folds;
    this.#concerned = concerned;
  }

  /** The names of the documents, each once. */
  get ids(): readonly string[] {
    const [first] = this.#concerned;
    if (this.#concerned.length === 1 && typeof first === 'string')
      return this.#concerned as readonly [string];
    return [...new Set(this.#concerned.flatMap((one) => (typeof one === 'string' ? one : [...one])))];
  }

  /** The body that it makes of the body of the document of that name; `null` for none. */
  apply(name: string, body: string | null): string | null {
    let after = body;
    this.#concerned.forEach((concerned, at) => {
      if (isAmong(concerned, name)) after = this.#fold(this.#folds[at]!, name, after);
    });
    return after;
  }

  #fold(fold: BoundFold, name: string, body: string | null): string | null {
    // Parsed anew for each event: what a fold does to its copy before it fails leaves nothing behind.
    const document: unknown = body === null ? undefined : JSON.parse(body);
    const next = fold(this.#event as never, document, eventMetaOf(this.#entry, name));
    if (next === null) return null;
    if (typeof next !== 'object') throw new FoldGaveNothingError(this.#projection, this.#entry.name);
    if (typeof (next as Partial<PromiseLike<unknown>>).then === 'function') {
      // Its rejection, if it comes, is of no further interest.
      Promise.resolve(next).catch(() => undefined);
      throw new AsynchronousFoldError(this.#projection, this.#entry.name);
    }
    return JSON.stringify(next);
  }
}

function isAmong(concerned: Concerned, name: string): boolean {
  return typeof concerned === 'string' ? concerned === name : concerned.has(name);
}
