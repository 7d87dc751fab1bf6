import type { RecordedEvent } from '../journal/journal-entry.js';
import type { Event } from '../messages/message.js';
import { assertExpectedVersion } from './expected-version.js';
import type { LoadedStream } from './session.js';
import type { StreamId } from './stream-id.js';
import type { ExpectedVersion } from './write-batch.js';

/** What was read of a stream, beginning behind `afterVersion`. */
export interface StoredPart {
  readonly afterVersion: number;
  readonly recorded: readonly RecordedEvent[];
  /** The same events decoded; `null` where an upcaster dropped one. */
  readonly decoded: readonly (Event | null)[];
}

/** One stream as one session knows it: read at most once, then what the session has appended itself. */
export class SessionStream {
  readonly id: StreamId;
  readonly #appended: Event[] = [];
  #stored: { readonly afterVersion: number; readonly part: Promise<StoredPart> } | undefined;
  // The version without this session's appends, once it is known or was claimed by an expectation.
  #base: number | undefined;

  constructor(id: StreamId) {
    this.id = id;
  }

  async load(afterVersion: number, read: () => Promise<StoredPart>): Promise<LoadedStream> {
    if (this.#stored === undefined || afterVersion < this.#stored.afterVersion) {
      this.#stored = { afterVersion, part: read() };
    }
    const { part } = this.#stored;
    try {
      return this.#view(await part, afterVersion);
    } catch (error) {
      if (this.#stored?.part === part) this.#stored = undefined;
      throw error;
    }
  }

  append(expected: ExpectedVersion, events: readonly Event[]): void {
    if (this.#base !== undefined)
      assertExpectedVersion(this.id, expected, this.#base + this.#appended.length);
    else if (expected === 'none') this.#base = 0;
    else if (typeof expected === 'number') this.#base = expected - this.#appended.length;
    this.#appended.push(...events);
  }

  #view({ afterVersion: start, recorded, decoded }: StoredPart, afterVersion: number): LoadedStream {
    const stored = recorded.at(-1)?.version ?? start;
    this.#base ??= stored;
    const from = afterVersion - start;
    const events = decoded.slice(from).filter((event) => event !== null);
    return {
      version: stored + this.#appended.length,
      events: [...events, ...this.#appended.slice(Math.max(0, afterVersion - stored))],
      recorded: recorded.slice(from),
    };
  }
}
