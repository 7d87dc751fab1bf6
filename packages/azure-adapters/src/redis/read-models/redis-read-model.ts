import {
  type Copy,
  type FieldValues,
  type FindOptions,
  type FoundPage,
  indexKeyOf,
  ProgrammingError,
  pageSizeOf,
  type ReadModel,
  type ReadModelDefinition,
  requireIndex,
} from '@diptych/core';
import { orderedPlace, type Place, placeOf } from '../../ordering/ordered-place.js';
import { orderedText, textOf } from '../../ordering/ordered-text.js';
import { pageEnd, readPageEnd } from '../../ordering/page-end.js';
import type { RedisClient } from '../redis-client.js';
import { redisError } from '../redis-errors.js';
import type { HeldCopy, RedisCopies } from './copies.js';
import type { RedisDocuments } from './documents.js';
import { type FoundDocument, findDocuments, type SetRange } from './found-pages.js';
import { idsSet, indexSet, keyPart } from './index-members.js';
import type { Mender } from './mending.js';
import { type RedisReadModelHandle, readModelHandle } from './native-handle.js';
import { bodyOf } from './stored-value.js';

/** What reads, whichever copy and tenant. */
export interface RedisReadModelParts {
  readonly client: RedisClient;
  readonly copies: RedisCopies;
  readonly documents: RedisDocuments;
  readonly mender: Mender;
}

export interface RedisReadModelOptions {
  readonly definition: ReadModelDefinition;
  readonly copy: Copy;
  readonly tenant: string;
  readonly parts: RedisReadModelParts;
  /**
   * Asked before every answer, with the copy that gives it.
   * @throws DocumentsLostError when what the answer must have is lost.
   */
  readonly assertFresh: ((held: HeldCopy) => Promise<void>) | undefined;
}

/** One tenant's documents in one copy, as query handlers see them. */
export class RedisReadModel<Document> implements ReadModel<Document> {
  readonly #options: RedisReadModelOptions;

  constructor(options: RedisReadModelOptions) {
    this.#options = options;
  }

  get(id: string): Promise<Document | undefined> {
    const known = this.#known();
    if (known !== undefined) return this.#getFrom(known, id);
    return this.#held().then((held) => this.#getFrom(held, id));
  }

  /** Straight to the driver, and no promise more: this is what most queries do, and all that they do. */
  #getFrom(held: HeldCopy, id: string): Promise<Document | undefined> {
    const { parts, tenant } = this.#options;
    return parts.client.native.get(held.keys.document({ tenant, name: id })).then(
      (value) => (value === null ? this.#missing(held) : documentIn<Document>(value)),
      (error: unknown) => {
        throw redisError(error);
      },
    );
  }

  async getMany(ids: readonly string[]): Promise<readonly (Document | undefined)[]> {
    const { parts, tenant } = this.#options;
    const held = await this.#held();
    const values = await parts.documents.values(ids.map((name) => held.keys.document({ tenant, name })));
    if (values.includes(null)) await this.#assertThere(held);
    return values.map((value) => documentIn<Document>(value));
  }

  async find(name: string, values: FieldValues, options: FindOptions = {}): Promise<FoundPage<Document>> {
    const index = requireIndex(this.#options.definition, name, values);
    const limit = pageSizeOf(options);
    const after = readPageEnd(options.after);
    const held = await this.#held();
    assertKept(this.#options, held, name);
    const key = indexKeyOf(index, values);
    const prefix = keyPart(key);
    const place = (stem: string): Place => placeOf(stem.slice(prefix.length));
    const range = {
      set: indexSet(name, key),
      prefix,
      behind: after && prefix + orderedPlace(after),
      idOf: (member: string) => place(member).id,
    };
    return this.#page(held, range, limit, options, ({ stem }) => place(stem));
  }

  async all(options: FindOptions = {}): Promise<FoundPage<Document>> {
    const limit = pageSizeOf(options);
    const after = readPageEnd(options.after);
    const held = await this.#held();
    const range = { set: idsSet, prefix: '', behind: after && orderedText(after.id), idOf: textOf };
    return this.#page(held, range, limit, options, ({ stem }) => ({ sort: null, id: textOf(stem) }));
  }

  native(): RedisReadModelHandle {
    const { client } = this.#options.parts;
    return readModelHandle({ ...this.#options, client }, () => this.#held());
  }

  async #page(
    held: HeldCopy,
    part: Omit<SetRange, 'tenant' | 'descending'>,
    limit: number,
    { descending = false }: FindOptions,
    place: (found: FoundDocument) => Place,
  ): Promise<FoundPage<Document>> {
    const { parts, tenant } = this.#options;
    const { client, documents, mender } = parts;
    // One more than asked tells whether there is another page.
    const range = { ...part, tenant, descending };
    const { found, stale } = await findDocuments({ client, documents, held }, range, limit + 1);
    const shown = found.slice(0, limit);
    await mender.mend(held, stale);
    if (found.length <= limit) await this.#assertThere(held);
    return {
      documents: shown.map(({ body }) => JSON.parse(body) as Document),
      next: found.length > limit ? pageEnd(place(shown.at(-1)!)) : undefined,
    };
  }

  /** Where nothing has to be asked. */
  #known(): HeldCopy | undefined {
    const { parts, copy, assertFresh } = this.#options;
    return assertFresh === undefined ? parts.copies.known(copy) : undefined;
  }

  async #held(): Promise<HeldCopy> {
    const { parts, copy, assertFresh } = this.#options;
    const held = await parts.copies.require(copy);
    await assertFresh?.(held);
    return held;
  }

  async #missing(held: HeldCopy): Promise<undefined> {
    await this.#assertThere(held);
  }

  /** Nothing is said to be missing by a copy that is gone, or has been made anew. */
  async #assertThere(held: HeldCopy): Promise<void> {
    const { parts, copy } = this.#options;
    const { client, copies } = parts;
    copies.assertSame(copy, held, await client.send(copies.asking(copy)));
  }
}

function documentIn<Document>(value: string | null): Document | undefined {
  const body = value === null ? null : bodyOf(value);
  return body === null ? undefined : (JSON.parse(body) as Document);
}

/** A copy is kept by the indexes that it was made with: another one would find nothing, and say nothing. */
function assertKept({ definition, copy }: RedisReadModelOptions, { indexes }: HeldCopy, name: string): void {
  if (JSON.stringify(indexes[name]) === JSON.stringify(definition.indexes[name])) return;
  throw new ProgrammingError(
    'index-not-built',
    `Index '${name}' of read model '${copy.model}' was declared otherwise when this copy was made. Raise the version, or rebuild.`,
    { ...copy, index: name },
  );
}
