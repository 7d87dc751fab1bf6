import type { Clock } from '../clock/clock.js';
import { ReadModelNotReadyError } from '../read-models/read-model-errors.js';
import type { Copy, ReadModelStore } from '../read-models/read-model-store.js';
import type { ProjectionRegistration } from './projection-registration.js';

export interface ServingCopiesOptions {
  readonly storeOf: (registration: ProjectionRegistration) => ReadModelStore;
  readonly clock: Clock;
  /**
   * How long to believe that a copy serves, in milliseconds. A copy that has retired is fed for much longer, so
   * that nobody reads an old document in the meantime. Default 5,000.
   */
  readonly rememberForMs?: number | undefined;
}

interface Remembered {
  readonly copy: Copy;
  readonly until: number;
}

/** Knows which copy of a read model queries read now. */
export class ServingCopies {
  readonly #options: ServingCopiesOptions;
  readonly #remembered = new Map<ProjectionRegistration, Remembered>();
  readonly #looking = new Map<ProjectionRegistration, Promise<Copy>>();

  constructor(options: ServingCopiesOptions) {
    this.#options = options;
  }

  /**
   * The copy of the program's own version that serves; at once where it is known.
   * @throws ReadModelNotReadyError when that version has not caught up yet.
   */
  of(registration: ProjectionRegistration): Copy | Promise<Copy> {
    const known = this.#remembered.get(registration);
    if (known !== undefined && known.until > this.#options.clock.now()) return known.copy;
    const looking = this.#looking.get(registration) ?? this.#look(registration);
    this.#looking.set(registration, looking);
    return looking;
  }

  /** A switch was made: looks again. */
  forget(): void {
    this.#remembered.clear();
  }

  async #look(registration: ProjectionRegistration): Promise<Copy> {
    const { storeOf, clock, rememberForMs = 5_000 } = this.#options;
    const { model, version } = registration.definition;
    try {
      const copies = await storeOf(registration).list(model);
      const own = copies.filter((copy) => copy.version === version);
      const serving = own.find(({ state }) => state === 'serving');
      if (serving === undefined) throw new ReadModelNotReadyError(model, version, own.length > 0);
      const copy: Copy = { model, version, generation: serving.generation };
      this.#remembered.set(registration, { copy, until: clock.now() + rememberForMs });
      return copy;
    } finally {
      this.#looking.delete(registration);
    }
  }
}
