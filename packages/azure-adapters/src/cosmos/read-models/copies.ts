import { randomBytes } from 'node:crypto';
import type { Copy, CopyInfo, CopySwitchOptions, ReadModelDefinition } from '@diptych/core';
import { type DroppedCopy, findCopy, infoOf, type ListedCopy } from './copies-item.js';
import type { CopiesPlan, CopiesSpace } from './copies-space.js';
import type { PartitionBy } from './placement.js';
import type { ServiceTime } from './service-time.js';

export interface CosmosCopiesOptions {
  readonly space: CopiesSpace;
  readonly time: ServiceTime;
  /** How new copies of a model are partitioned. */
  readonly partitionBy: (model: string) => PartitionBy;
}

/** Which copies of read models there are, and in which state. */
export class CosmosCopies {
  readonly #options: CosmosCopiesOptions;

  constructor(options: CosmosCopiesOptions) {
    this.#options = options;
  }

  async create({ indexes }: ReadModelDefinition, copy: Copy): Promise<CopyInfo> {
    const { space, time, partitionBy } = this.#options;
    const { model, version, generation } = copy;
    const now = await time.now();
    const made: ListedCopy = {
      id: randomBytes(9).toString('base64url'),
      version,
      generation,
      state: 'building',
      since: now,
      indexes,
      partitionBy: partitionBy(model),
    };
    return space.change<CopyInfo>(model, ({ copies, dropped }) => {
      const there = findCopy({ copies }, copy);
      if (there !== undefined) return { answer: infoOf(model, there, now) };
      return { answer: infoOf(model, made, now), next: { copies: [...copies, made], dropped } };
    });
  }

  async list(model: string): Promise<readonly CopyInfo[]> {
    const { space, time } = this.#options;
    const now = await time.now();
    const { copies } = await space.read(model);
    return copies
      .map((copy) => infoOf(model, copy, now))
      .sort((one, other) => one.version - other.version || one.generation - other.generation);
  }

  async find(copy: Copy): Promise<ListedCopy | undefined> {
    return findCopy(await this.#options.space.read(copy.model), copy);
  }

  /** Takes a copy off the list, and remembers that it was there. */
  async drop(copy: Copy): Promise<void> {
    const { space, time } = this.#options;
    const since = await time.now();
    await space.change<void>(copy.model, ({ copies, dropped }) => {
      const gone = findCopy({ copies }, copy);
      if (gone === undefined) return { answer: undefined };
      const rest = copies.filter((one) => one !== gone);
      return { answer: undefined, next: { copies: rest, dropped: [...dropped, { id: gone.id, since }] } };
    });
  }

  /** Nothing is left of these, and nothing can come any more. */
  async forget(model: string, gone: readonly DroppedCopy[]): Promise<void> {
    const isGone = ({ id }: DroppedCopy) => gone.some((one) => one.id === id);
    await this.#options.space.change<void>(model, ({ copies, dropped }) => {
      const left = dropped.filter((one) => !isGone(one));
      if (left.length === dropped.length) return { answer: undefined };
      return { answer: undefined, next: { copies, dropped: left } };
    });
  }

  async abandon(copy: Copy): Promise<'abandoned' | 'conflict'> {
    const { space, time } = this.#options;
    const since = await time.now();
    return space.change<'abandoned' | 'conflict'>(copy.model, ({ copies, dropped }) => {
      const one = findCopy({ copies }, copy);
      if (one?.state !== 'building') return { answer: 'conflict' };
      const next = replaced(copies, [{ ...one, state: 'abandoned', since }]);
      return { answer: 'abandoned', next: { copies: next, dropped } };
    });
  }

  async switch(
    from: Copy | undefined,
    to: Copy,
    { servedForLessThanMs }: CopySwitchOptions,
  ): Promise<'switched' | 'conflict'> {
    const { space, time } = this.#options;
    if (from !== undefined && (from.model !== to.model || from.version !== to.version)) return 'conflict';
    const now = await time.now();
    return space.change<'switched' | 'conflict'>(
      to.model,
      ({ copies, dropped }): CopiesPlan<'switched' | 'conflict'> => {
        const target = findCopy({ copies }, to);
        const serving = copies.find((copy) => copy.version === to.version && copy.state === 'serving');
        const expected = from && findCopy({ copies }, from);
        if (target?.state !== 'building' || serving !== expected || (from && !expected))
          return { answer: 'conflict' };
        const isTimed = serving !== undefined && servedForLessThanMs !== undefined;
        const deadline = isTimed ? serving.since + servedForLessThanMs : undefined;
        if (deadline !== undefined && now >= deadline) return { answer: 'conflict' };
        const next = replaced(copies, [
          { ...target, state: 'serving', since: now },
          ...(serving === undefined ? [] : [{ ...serving, state: 'retired' as const, since: now }]),
        ]);
        return { answer: 'switched', next: { copies: next, dropped }, deadline, late: 'conflict' };
      },
    );
  }
}

function replaced(copies: readonly ListedCopy[], changed: readonly ListedCopy[]): readonly ListedCopy[] {
  return copies.map((copy) => changed.find(({ id }) => id === copy.id) ?? copy);
}
