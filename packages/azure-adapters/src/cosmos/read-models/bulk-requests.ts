import type { Container, OperationInput, OperationResponse } from '@azure/cosmos';
import { type Clock, sleep } from '@diptych/core';
import { inParallel } from './in-parallel.js';
import { writeError } from './read-model-errors.js';

/** So many operations are one request at most, and so many requests are on their way at a time. */
const [operationsInRequest, requestsAtOnce] = [100, 8];

/** An operation that is throttled is tried again so often, and waits so long altogether, in milliseconds. */
const [mostRetries, mostWaitInMs, leastWaitInMs] = [9, 30_000, 10];

/** An answer to one operation. The SDK's types leave out how long to wait. */
export type BulkAnswer = OperationResponse & { readonly retryAfterMilliseconds?: number };

/** Nobody needs what was written back. */
const quietly = { contentResponseOnWriteEnabled: false };

/**
 * Operations on items of any partition keys, many in a request, each with its own answer: one that is refused is no
 * reason to refuse another. They go to the region that writes, also those that only read.
 */
export class BulkRequests {
  readonly #container: Container;
  readonly #clock: Clock;

  constructor(container: Container, clock: Clock) {
    this.#container = container;
    this.#clock = clock;
  }

  /**
   * The answers in the order of the operations.
   * @throws when a request is not answered, or one is throttled for too long: any of them may have been done.
   */
  async run(operations: readonly OperationInput[]): Promise<readonly BulkAnswer[]> {
    const parts: (readonly OperationInput[])[] = [];
    for (let from = 0; from < operations.length; from += operationsInRequest)
      parts.push(operations.slice(from, from + operationsInRequest));
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return this.#patiently(only);
    return (await inParallel(parts, requestsAtOnce, (part) => this.#patiently(part))).flat();
  }

  async #patiently(operations: readonly OperationInput[]): Promise<readonly BulkAnswer[]> {
    const answers = [...(await this.#send(operations))];
    let waitedInMs = 0;
    for (let retries = 0; ; retries++) {
      const again = [...answers.keys()].filter((at) => isToComeAgain(answers[at]!));
      if (again.length === 0) return answers;
      const waits = again.map((at) => answers[at]!.retryAfterMilliseconds ?? 0);
      const waitInMs = Math.max(leastWaitInMs, ...waits);
      if (retries === mostRetries || waitedInMs + waitInMs > mostWaitInMs)
        throw writeError(answers[again[0]!]);
      await sleep(this.#clock, waitInMs);
      waitedInMs += waitInMs;
      const more = await this.#send(again.map((at) => operations[at]!));
      again.forEach((at, index) => {
        answers[at] = more[index]!;
      });
    }
  }

  async #send(operations: readonly OperationInput[]): Promise<readonly BulkAnswer[]> {
    // The SDK changes the operations.
    const own = operations.map((operation) => ({ ...operation }));
    try {
      // Not `executeBulkOperations`, which takes a second for any number of operations, however few.
      return await this.#container.items.bulk(own, {}, quietly);
    } catch (error) {
      throw writeError(error);
    }
  }
}

/** Throttled, or in the way of another write at this very moment: nothing was done. */
function isToComeAgain({ statusCode }: BulkAnswer): boolean {
  return statusCode === 429 || statusCode === 449;
}
