import type { Container } from '@azure/cosmos';
import type { BulkRequests } from './bulk-requests.js';
import type { CosmosCopies } from './copies.js';
import type { CopiesSpace } from './copies-space.js';
import { type FoundItem, itemsOfCopy, removeItems } from './copy-items.js';
import type { ServiceTime } from './service-time.js';

/**
 * A copy that was dropped is remembered for so long after: a writer who was held up on its way may have written to it
 * behind its removal. What it left is removed when that time is over.
 */
const rememberedForMs = 600_000;

export interface DroppedCopiesOptions {
  readonly container: Container;
  readonly bulk: BulkRequests;
  readonly space: CopiesSpace;
  readonly copies: CosmosCopies;
  readonly time: ServiceTime;
}

/** Removes the documents of copies that are gone, in steps. */
export class DroppedCopies {
  readonly #options: DroppedCopiesOptions;

  constructor(options: DroppedCopiesOptions) {
    this.#options = options;
  }

  async removeDocuments(copy: string): Promise<void> {
    const { container, bulk } = this.#options;
    for await (const page of itemsOfCopy<FoundItem>(container, copy)) await removeItems(bulk, copy, page);
  }

  /** What late writers have left in copies of this model that were dropped. */
  async removeLeftOvers(model: string): Promise<void> {
    const { space, copies, time } = this.#options;
    const { dropped } = await space.read(model);
    if (dropped.length === 0) return;
    const before = (await time.now()) - rememberedForMs;
    const due = dropped.filter(({ since }) => since <= before);
    for (const { id } of due) await this.removeDocuments(id);
    if (due.length > 0) await copies.forget(model, due);
  }
}
