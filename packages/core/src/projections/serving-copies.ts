import { type Clock, sleep } from '../clock/clock.js';
import { ReadModelNotReadyError } from '../read-models/read-model-errors.js';
import type { Copy, CopyInfo, ReadModelStore } from '../read-models/read-model-store.js';
import { handover } from './handover.js';
import type { ProjectionRegistration } from './projection-registration.js';

export interface ServingCopiesOptions {
  readonly storeOf: (registration: ProjectionRegistration) => ReadModelStore;
  readonly clock: Clock;
}

interface Remembered {
  readonly copy: Copy;
  readonly until: number;
}

/** Knows which copy of a read model queries read now: the same one in every process, also while it changes. */
export class ServingCopies {
  readonly #options: ServingCopiesOptions;
  readonly #remembered = new Map<ProjectionRegistration, Remembered>();
  readonly #looking = new Map<ProjectionRegistration, Promise<Copy>>();

  constructor(options: ServingCopiesOptions) {
    this.#options = options;
  }

  /**
   * The copy of the program's own version that is to be read; at once where it is known.
   * @throws ReadModelNotReadyError when that version has not caught up yet.
   */
  of(registration: ProjectionRegistration): Copy | Promise<Copy> {
    const known = this.known(registration);
    if (known !== undefined) return known;
    const looking = this.#looking.get(registration) ?? this.#look(registration);
    this.#looking.set(registration, looking);
    return looking;
  }

  /** The copy that is to be read, where nobody has to be asked. */
  known(registration: ProjectionRegistration): Copy | undefined {
    const remembered = this.#remembered.get(registration);
    return remembered !== undefined && remembered.until > this.#options.clock.now()
      ? remembered.copy
      : undefined;
  }

  /** Something has changed: looks again. */
  forget(): void {
    this.#remembered.clear();
  }

  async #look(registration: ProjectionRegistration): Promise<Copy> {
    const { clock } = this.#options;
    try {
      for (;;) {
        const lookedAt = clock.now();
        const { serving, before } = await this.#copiesOf(registration);
        // By the store's clock, which is the same for everybody.
        const leftInMs = before === undefined ? 0 : handover.rememberedForMs - serving.stateAgeInMs;
        if (before === undefined || leftInMs <= -handover.pauseInMs)
          return this.#remember(registration, serving, lookedAt + handover.rememberedForMs);
        if (leftInMs > handover.pauseInMs)
          return this.#remember(registration, before, lookedAt + leftInMs - handover.pauseInMs);
        await sleep(clock, leftInMs + handover.pauseInMs);
      }
    } finally {
      this.#looking.delete(registration);
    }
  }

  /** The one that serves, and the one before it, which retired in the same moment. */
  async #copiesOf(
    registration: ProjectionRegistration,
  ): Promise<{ readonly serving: CopyInfo; readonly before: CopyInfo | undefined }> {
    const { model, version } = registration.definition;
    const copies = await this.#options.storeOf(registration).list(model);
    const own = copies.filter((copy) => copy.version === version);
    const serving = own.find(({ state }) => state === 'serving');
    if (serving === undefined) throw new ReadModelNotReadyError(model, version, own.length > 0);
    const before = own.find(
      ({ state, stateAgeInMs }) => state === 'retired' && stateAgeInMs <= serving.stateAgeInMs,
    );
    return { serving, before };
  }

  #remember(registration: ProjectionRegistration, copyInfo: CopyInfo, until: number): Copy {
    const { model, version, generation } = copyInfo;
    const copy: Copy = { model, version, generation };
    this.#remembered.set(registration, { copy, until });
    return copy;
  }
}
