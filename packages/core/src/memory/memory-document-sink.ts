import type { Clock } from '../clock/clock.js';
import { systemClock } from '../clock/system-clock.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type {
  DocumentSink,
  MirrorChange,
  MirrorEntriesPage,
  MirrorEntriesQuery,
  MirrorEntry,
  MirrorOutcome,
} from '../mirrors/document-sink.js';
import type { DocumentId } from '../read-models/document.js';
import { documentKey } from '../read-models/document-key.js';
import type { ReadModelDefinition } from '../read-models/read-model.js';
import type { Copy } from '../read-models/read-model-store.js';

export interface MemoryDocumentSinkOptions {
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
  /** How long it takes until queries see what was acknowledged, in milliseconds. Default 0. */
  readonly delayInMs?: number | undefined;
  /** Why a document is refused; `undefined` for one that is taken. Default: each is taken. */
  readonly refuse?: ((document: unknown) => string | undefined) | undefined;
}

/** What `open` gives. */
export interface MemorySinkHandle {
  /** The documents that queries see, by id. */
  documents<Document = unknown>(): ReadonlyMap<string, Document>;
}

interface Held {
  readonly seenFrom: number;
  /** `undefined`: it was removed. */
  readonly change: MirrorChange | undefined;
}

/** The reference meaning of `DocumentSink`: whatever comes last stays, and is seen some time later. */
export class MemoryDocumentSink implements DocumentSink {
  readonly #options: MemoryDocumentSinkOptions;
  readonly #clock: Clock;
  /** For each entry what was seen last, and what is to be seen. */
  readonly #copies = new Map<string, Map<string, Held[]>>();

  constructor(options: MemoryDocumentSinkOptions = {}) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  async create(_definition: ReadModelDefinition, copy: Copy): Promise<void> {
    if (!this.#copies.has(keyOf(copy))) this.#copies.set(keyOf(copy), new Map());
  }

  async drop(copy: Copy): Promise<void> {
    this.#copies.delete(keyOf(copy));
  }

  async mirror(copy: Copy, changes: readonly MirrorChange[]): Promise<readonly MirrorOutcome[]> {
    const held = this.#require(copy);
    return changes.map((change) => {
      const reason = change.body === null ? undefined : this.#options.refuse?.(JSON.parse(change.body));
      if (reason !== undefined) return { kind: 'refused', reason };
      this.#put(held, change.id, change);
      return { kind: 'mirrored' };
    });
  }

  async remove(copy: Copy, ids: readonly DocumentId[]): Promise<void> {
    for (const id of ids) this.#put(this.#require(copy), id, undefined);
  }

  async entries(copy: Copy, query: MirrorEntriesQuery): Promise<MirrorEntriesPage> {
    const { sentFrom = 0, sentBefore = Number.POSITIVE_INFINITY, deletedOnly = false } = query;
    const found = [...this.#seen(copy)]
      .filter(({ sentAt }) => sentAt >= sentFrom && sentAt < sentBefore)
      .filter(({ body }) => !deletedOnly || body === null)
      .map((change) => ({ place: placeOf(change), entry: entryOf(change) }))
      .filter(({ place }) => query.after === undefined || place > query.after)
      .sort((one, other) => (one.place < other.place ? -1 : 1));
    const page = found.slice(0, query.limit);
    return {
      entries: page.map(({ entry }) => entry),
      next: found.length > page.length ? page.at(-1)!.place : undefined,
    };
  }

  open(_definition: ReadModelDefinition, copy: Copy, tenant: string): MemorySinkHandle {
    return {
      documents: <Document>() => {
        const documents = [...this.#seen(copy)].flatMap(({ id, body }) =>
          id.tenant === tenant && body !== null ? [[id.name, JSON.parse(body) as Document] as const] : [],
        );
        return new Map(documents);
      },
    };
  }

  #put(held: Map<string, Held[]>, id: DocumentId, change: MirrorChange | undefined): void {
    const now = this.#clock.now();
    const key = documentKey(id);
    const seen = (held.get(key) ?? []).findLast(({ seenFrom }) => seenFrom <= now);
    const coming = (held.get(key) ?? []).filter(({ seenFrom }) => seenFrom > now);
    const put = { seenFrom: now + (this.#options.delayInMs ?? 0), change };
    held.set(key, [...(seen === undefined ? [] : [seen]), ...coming, put]);
  }

  *#seen(copy: Copy): Iterable<MirrorChange> {
    const now = this.#clock.now();
    for (const states of this.#require(copy).values()) {
      const change = states.findLast(({ seenFrom }) => seenFrom <= now)?.change;
      if (change !== undefined) yield change;
    }
  }

  #require(copy: Copy): Map<string, Held[]> {
    const held = this.#copies.get(keyOf(copy));
    if (held !== undefined) return held;
    throw new ProgrammingError('copy-unknown', `There is no copy '${keyOf(copy)}'.`, { ...copy });
  }
}

function entryOf({ id, body, version, sending, sentAt }: MirrorChange): MirrorEntry {
  return { id, version, sending, sentAt, isDeleted: body === null };
}

/** Fixed width, so that texts are in the order of times. */
function placeOf({ sentAt, id }: MirrorChange): string {
  return `${String(sentAt).padStart(16, '0')} ${documentKey(id)}`;
}

function keyOf({ model, version, generation }: Copy): string {
  return `${model}/v${version}/g${generation}`;
}
