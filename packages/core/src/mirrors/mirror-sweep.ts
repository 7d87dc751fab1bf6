import { isDiptychError } from '../errors/diptych-error.js';
import type { DocumentId } from '../read-models/document.js';
import { documentKey } from '../read-models/document-key.js';
import type { Copy } from '../read-models/read-model-store.js';
import type { MirrorEntry } from './document-sink.js';
import type { DocumentState, Mirroring, MirroringOptions } from './mirroring.js';
import { formatProgress, parseProgress } from './sweep-progress.js';

export interface MirrorSweepOptions extends MirroringOptions {
  readonly mirroring: Mirroring;
  /** How long after it was sent an entry may come, and be seen, at the latest, in milliseconds. */
  readonly windowInMs: number;
  readonly onRepaired?: ((copy: Copy, documents: readonly DocumentId[]) => void) | undefined;
}

const pageSize = 500;
/** How many entries of deleted documents go in one sweep. Their ids are noted down before. */
const removedAtOnce = 100;

/**
 * Compares entries of a sink with the documents. A late one carries the time when it was sent, so looking at what was
 * sent since shortly before the last sweep finds all that have come since.
 */
export class MirrorSweep {
  readonly #options: MirrorSweepOptions;
  /** The sendings that were right when they were looked at: such an entry can only be replaced by another sending. */
  readonly #right = new Map<string, ReadonlySet<string>>();

  constructor(options: MirrorSweepOptions) {
    this.#options = options;
  }

  /** The copy is gone. */
  forget(copy: Copy): void {
    this.#right.delete(keyOf(copy));
  }

  /** One sweep. Resolves its progress; see `ReadModelStore.sweep`. */
  async run(
    copy: Copy,
    progress: string | undefined,
    keep: (progress: string) => Promise<void>,
  ): Promise<string> {
    const { clock, windowInMs } = this.#options;
    const begunAt = clock.now();
    const { sweptAt, removing } = parseProgress(progress);
    // Whoever removed these may have died before it looked again.
    await this.#sendLiving(copy, removing);
    await this.#compare(copy, sweptAt === undefined ? undefined : sweptAt - windowInMs);
    await this.#removeSpent(copy, begunAt - windowInMs, (ids) =>
      keep(formatProgress({ sweptAt, removing: ids })),
    );
    return formatProgress({ sweptAt: begunAt, removing: [] });
  }

  async #compare(copy: Copy, sentFrom: number | undefined): Promise<void> {
    const { sink } = this.#options;
    const key = keyOf(copy);
    const known = this.#right.get(key) ?? new Set();
    const right = new Set<string>();
    let after: string | undefined;
    do {
      const page = await sink.entries(copy, { sentFrom, limit: pageSize, after });
      const unknown = page.entries.filter(({ sending }) => !known.has(sending));
      for (const { sending } of page.entries) if (known.has(sending)) right.add(sending);
      for (const { sending } of await this.#repair(copy, unknown)) right.add(sending);
      after = page.next;
    } while (after !== undefined);
    this.#right.set(key, right);
  }

  /** Sends again what differs. Resolves the entries that do not. */
  async #repair(copy: Copy, entries: readonly MirrorEntry[]): Promise<readonly MirrorEntry[]> {
    const { mirroring } = this.#options;
    const present = await mirroring.present(
      copy,
      entries.map(({ id }) => id),
    );
    const isRight = (index: number) => shows(entries[index]!, present[index]!);
    const wrong = present.filter((_, index) => !isRight(index));
    await this.#send(copy, wrong);
    if (wrong.length > 0)
      this.#options.onRepaired?.(
        copy,
        wrong.map(({ id }) => id),
      );
    return entries.filter((_, index) => isRight(index));
  }

  /** Entries of deleted documents have kept their places long enough for late ones to be seen. */
  async #removeSpent(
    copy: Copy,
    sentBefore: number,
    keep: (ids: readonly DocumentId[]) => Promise<void>,
  ): Promise<void> {
    const { sink, mirroring } = this.#options;
    const { entries } = await sink.entries(copy, { sentBefore, deletedOnly: true, limit: removedAtOnce });
    const present = await mirroring.present(
      copy,
      entries.map(({ id }) => id),
    );
    const dead = present.filter(({ body }) => body === null).map(({ id }) => id);
    if (dead.length === 0) return;
    await keep(dead);
    await sink.remove(copy, dead);
    // One that lives again may have come to the sink before the removal did.
    await this.#sendLiving(copy, dead);
  }

  async #sendLiving(copy: Copy, ids: readonly DocumentId[]): Promise<void> {
    const present = await this.#options.mirroring.present(copy, ids);
    await this.#send(
      copy,
      present.filter(({ body }) => body !== null),
    );
  }

  async #send(copy: Copy, states: readonly DocumentState[]): Promise<void> {
    try {
      await this.#options.mirroring.send(copy, states);
    } catch (error) {
      // Their events are parked: nobody is told twice.
      if (!isDiptychError(error, 'mirror-refused')) throw error;
    }
  }
}

function shows(entry: MirrorEntry, { body, marks }: DocumentState): boolean {
  if (entry.isDeleted || body === null) return entry.isDeleted && body === null;
  return entry.version === marks;
}

function keyOf({ model, version, generation }: Copy): string {
  return documentKey({ tenant: model, name: `${version}/${generation}` });
}
