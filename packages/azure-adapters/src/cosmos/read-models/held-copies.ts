import { type Clock, type Copy, DiptychError, DocumentsLostError } from '@diptych/core';
import { findCopy, type HeldCopy } from './copies-item.js';
import type { CopiesSpace } from './copies-space.js';

/** How long a copy is believed to be there after it was looked for, in milliseconds. */
const believedForMs = 1_000;

interface Held {
  readonly copy: HeldCopy;
  readonly lookedAt: number;
}

/** The copies that this process feeds and reads, as it last saw them. */
export class HeldCopies {
  readonly #space: CopiesSpace;
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();
  readonly #looking = new Map<string, Promise<HeldCopy>>();
  /** Those that were there when they were last looked for. */
  readonly #seen = new Set<string>();

  constructor(space: CopiesSpace, clock: Clock) {
    this.#space = space;
    this.#clock = clock;
  }

  /** At once, where it was looked for before. */
  known(copy: Copy): HeldCopy | undefined {
    return this.#held.get(keyOf(copy))?.copy;
  }

  /**
   * As it was a moment ago. Whoever drops a copy has waited far longer than that since it was fed.
   * @throws DiptychError `copy-unknown`; DocumentsLostError when it was there.
   */
  async require(copy: Copy): Promise<HeldCopy> {
    const held = this.#held.get(keyOf(copy));
    const now = this.#clock.now();
    return held !== undefined && now - held.lookedAt < believedForMs ? held.copy : this.look(copy);
  }

  /** As it is now. Those who ask at the same time ask together. @throws as `require`. */
  look(copy: Copy): Promise<HeldCopy> {
    const key = keyOf(copy);
    const looking = this.#looking.get(key) ?? this.#look(copy).finally(() => this.#looking.delete(key));
    this.#looking.set(key, looking);
    return looking;
  }

  /** @throws DocumentsLostError when another one is in its place, or none. */
  async assertSame(copy: Copy, held: HeldCopy): Promise<void> {
    if ((await this.look(copy)).id !== held.id) throw new DocumentsLostError(copy.model);
  }

  forget(copy: Copy): void {
    this.#held.delete(keyOf(copy));
    this.#seen.delete(keyOf(copy));
  }

  async #look(copy: Copy): Promise<HeldCopy> {
    const key = keyOf(copy);
    const lookedAt = this.#clock.now();
    const found = findCopy(await this.#space.read(copy.model), copy);
    if (found === undefined) {
      this.#held.delete(key);
      throw this.#seen.has(key) ? new DocumentsLostError(copy.model) : copyUnknown(copy);
    }
    const known = this.#held.get(key)?.copy;
    const { id, indexes, partitionBy } = found;
    const held = known?.id === id ? known : { id, indexes, partitionBy };
    this.#held.set(key, { copy: held, lookedAt });
    this.#seen.add(key);
    return held;
  }
}

/** Of the store, not of the message that would park: it comes back, or whoever feeds it learns that it is not to. */
function copyUnknown({ model, version, generation }: Copy): DiptychError {
  return new DiptychError({
    code: 'copy-unknown',
    message: `There is no copy '${model}/v${version}/g${generation}'.`,
    retryable: true,
    origin: 'infrastructure',
    details: { model, version, generation },
  });
}

function keyOf({ model, version, generation }: Copy): string {
  return `${version}/${generation}/${model}`;
}
