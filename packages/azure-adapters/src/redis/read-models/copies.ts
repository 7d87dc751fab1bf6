import { randomBytes } from 'node:crypto';
import {
  type Copy,
  type CopyInfo,
  type CopyState,
  type CopySwitchOptions,
  DiptychError,
  DocumentsLostError,
  type ReadModelDefinition,
} from '@diptych/core';
import type { RedisClient, RedisCommand } from '../redis-client.js';
import { type CopyKeys, copyKeys, type ModelKeys, modelKeys } from './copy-keys.js';
import { abandonScript, createScript, dropScript, listScript, switchScript } from './copy-scripts.js';
import type { DeclaredIndexes } from './index-members.js';

/** A copy as its documents know it. Its id is never given again. */
export interface HeldCopy {
  readonly id: string;
  readonly keys: CopyKeys;
  /** That it was made with, and is kept by. */
  readonly indexes: DeclaredIndexes;
}

/** As it is kept: what never changes as JSON, behind what does. */
interface KeptCopy {
  readonly id: string;
  readonly model: string;
  readonly version: number;
  readonly generation: number;
  readonly indexes: DeclaredIndexes;
}

/** Which copies of read models there are, and in which state. */
export class RedisCopies {
  readonly #client: RedisClient;
  readonly #prefix: string;
  readonly #held = new Map<string, HeldCopy>();
  /** The ids that copies had when they were last seen. */
  readonly #seen = new Map<string, string>();

  constructor(client: RedisClient, prefix: string) {
    this.#client = client;
    this.#prefix = prefix;
  }

  async create({ indexes }: ReadModelDefinition, copy: Copy): Promise<CopyInfo> {
    const { model, version, generation } = copy;
    const id = randomBytes(9).toString('base64url');
    const kept: KeptCopy = { id, model, version, generation, indexes };
    const row = await this.#client.run(
      createScript,
      [this.#of(model).copies],
      [fieldOf(copy), JSON.stringify(kept)],
    );
    return infoOf(copy, row as StateRow);
  }

  async list(model: string): Promise<readonly CopyInfo[]> {
    const rows = (await this.#client.run(listScript, [this.#of(model).copies], [])) as readonly [
      string,
      ...StateRow,
    ][];
    return rows
      .map(([field, ...row]) => infoOf({ model, ...copyAt(field) }, row))
      .sort((one, other) => one.version - other.version || one.generation - other.generation);
  }

  /** Takes a copy away, and notes that its documents are to be removed. */
  async drop(copy: Copy): Promise<void> {
    const { copies, dropped } = this.#of(copy.model);
    this.#held.delete(keyOf(copy));
    this.#seen.delete(keyOf(copy));
    await this.#client.run(dropScript, [copies, dropped], [fieldOf(copy)]);
  }

  async abandon(copy: Copy): Promise<'abandoned' | 'conflict'> {
    const answer = await this.#client.run(abandonScript, [this.#of(copy.model).copies], [fieldOf(copy)]);
    return answer === 1 ? 'abandoned' : 'conflict';
  }

  async switch(
    from: Copy | undefined,
    to: Copy,
    { servedForLessThanMs }: CopySwitchOptions,
  ): Promise<'switched' | 'conflict'> {
    if (from !== undefined && (from.model !== to.model || from.version !== to.version)) return 'conflict';
    const answer = await this.#client.run(
      switchScript,
      [this.#of(to.model).copies],
      [from === undefined ? '' : fieldOf(from), fieldOf(to), servedForLessThanMs ?? ''],
    );
    return answer === 1 ? 'switched' : 'conflict';
  }

  /** @throws DiptychError `copy-unknown`; DocumentsLostError when it was there. */
  async require(copy: Copy): Promise<HeldCopy> {
    const held = this.#held.get(keyOf(copy));
    return held ?? this.take(copy, await this.#client.send(this.asking(copy)));
  }

  /** At once, where it was asked for before. */
  known(copy: Copy): HeldCopy | undefined {
    return this.#held.get(keyOf(copy));
  }

  /** The command whose reply tells `take` whether a copy is still the one that it was. */
  asking({ model, version, generation }: Copy): RedisCommand {
    const { copies } = this.#of(model);
    return { key: copies, words: ['HGET', copies, fieldOf({ version, generation })] };
  }

  /** @throws DiptychError `copy-unknown`; DocumentsLostError when it was there. */
  take(copy: Copy, reply: unknown): HeldCopy {
    const key = keyOf(copy);
    const held = this.#held.get(key);
    if (typeof reply !== 'string') {
      this.#held.delete(key);
      throw this.#seen.has(key) ? new DocumentsLostError(copy.model) : copyUnknown(copy);
    }
    // What never changes stands behind the state and its time.
    const kept = JSON.parse(reply.slice(reply.indexOf('{'))) as KeptCopy;
    if (held?.id === kept.id) return held;
    const { id, indexes } = kept;
    const taken = { id, indexes, keys: copyKeys(this.#prefix, id) };
    this.#held.set(key, taken);
    this.#seen.set(key, id);
    return taken;
  }

  /** @throws DocumentsLostError when another one is in its place, or none. */
  assertSame(copy: Copy, held: HeldCopy, reply: unknown): void {
    if (this.take(copy, reply).id !== held.id) throw new DocumentsLostError(copy.model);
  }

  #of(model: string): ModelKeys {
    return modelKeys(this.#prefix, model);
  }
}

type StateRow = readonly [state: CopyState, ageInMs: number];

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

function fieldOf({ version, generation }: Omit<Copy, 'model'>): string {
  return `${version}/${generation}`;
}

function copyAt(field: string): Omit<Copy, 'model'> {
  const [version, generation] = field.split('/').map(Number);
  return { version: version!, generation: generation! };
}

function infoOf({ model, version, generation }: Copy, [state, stateAgeInMs]: StateRow): CopyInfo {
  return { model, version, generation, state, stateAgeInMs };
}
