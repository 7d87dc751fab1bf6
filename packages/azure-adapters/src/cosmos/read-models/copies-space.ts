import { randomUUID } from 'node:crypto';
import type { Container } from '@azure/cosmos';
import { executeBatch } from '../requests/execute-batch.js';
import { mayBeDone, requestFailure } from '../requests/request-failure.js';
import { attempts } from '../subscriptions/attempts.js';
import { json } from '../subscriptions/json.js';
import { type Copies, type CopiesItem, copiesAddress, copiesIn, copiesItem, isLate } from './copies-item.js';
import { copiesError, readError } from './read-model-errors.js';

/** What a change makes of the copies. Without `next` there is nothing to write. */
export interface CopiesPlan<Answer> {
  readonly answer: Answer;
  readonly next?: Copies;
  /** By when it must be written, by the service's clock. */
  readonly deadline?: number | undefined;
  /** The answer when it was too late for that. */
  readonly late?: Answer;
}

interface Found {
  readonly item: CopiesItem;
  readonly etag: string;
}

/** The items that list the copies of models, and their conditional writes. */
export class CopiesSpace {
  readonly #container: Container;

  constructor(container: Container) {
    this.#container = container;
  }

  /** The copies as they are now. */
  async read(model: string): Promise<Copies> {
    return copiesIn((await this.#look(model))?.item);
  }

  /** Plans anew whenever somebody else was faster. */
  async change<Answer>(model: string, plan: (copies: Copies) => CopiesPlan<Answer>): Promise<Answer> {
    const write = randomUUID();
    let tried: CopiesPlan<Answer> | undefined;
    for (const attempt of attempts(`The list of copies of '${model}'`)) {
      const found = await this.#look(model);
      // It was made, and its answer got lost on its way.
      if (tried !== undefined && found?.item.lastWrite === write) return answerOf(tried, found.item);
      const copies = copiesIn(found?.item);
      const planned = plan(copies);
      if (planned.next === undefined) return planned.answer;
      const { deadline: at } = planned;
      const deadline = at === undefined ? null : { at, before: copies.copies };
      const outcome = await this.#put(found, copiesItem(model, planned.next, deadline, write));
      if ('item' in outcome) return answerOf(planned, outcome.item);
      tried = planned;
      attempt.failed(outcome.cause);
    }
    throw new Error('Not reached.');
  }

  /** A batch goes to the write quorum, also one that only reads: a replica that lags would tell of older copies. */
  async #look(model: string): Promise<Found | undefined> {
    const { id, partitionKey } = copiesAddress(model);
    const { result } = await readAgain(() =>
      executeBatch(this.#container, [{ operationType: 'Read', id }], partitionKey),
    );
    const [read] = result;
    if (read?.statusCode === 404) return undefined;
    if (read?.statusCode !== 200 || read.resourceBody === undefined) throw readError(read);
    const item = read.resourceBody as unknown as CopiesItem & { readonly _etag: string };
    return { item, etag: item._etag };
  }

  /** The item as it was written; or why it was not, as far as that is known. */
  async #put(
    found: Found | undefined,
    item: CopiesItem,
  ): Promise<{ readonly item: CopiesItem } | { readonly cause: unknown }> {
    const { id, partitionKey } = copiesAddress(item.model);
    const body = json(item) as never;
    try {
      const { resource } =
        found === undefined
          ? await this.#container.items.create<CopiesItem>(body)
          : await this.#container
              .item(id, partitionKey)
              .replace<CopiesItem>(body, { accessCondition: { type: 'IfMatch', condition: found.etag } });
      return { item: resource! };
    } catch (error) {
      const { status = 0 } = requestFailure(error);
      if (isChanged.has(status)) return { cause: undefined };
      if (!mayBeDone(error)) throw copiesError(error);
      return { cause: copiesError(error) };
    }
  }
}

/** It is there already, is another one since, is gone, or others write it at this very moment. */
const isChanged = new Set([409, 412, 404, 449]);

/** The SDK asks again where it knows that it reads. */
async function readAgain<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await read();
    } catch (error) {
      if (attempt === 3 || !mayBeDone(error)) throw readError(error);
    }
  }
}

function answerOf<Answer>({ answer, late }: CopiesPlan<Answer>, item: CopiesItem): Answer {
  return isLate(item) && late !== undefined ? late : answer;
}
