import { compareSortValues, type SortValue } from '../read-models/index-entry.js';

export interface SortedId {
  readonly sort: SortValue;
  readonly id: string;
}

/** Ids in order, first by their sort value and then by themselves. */
export class MemorySortedIds {
  readonly #entries: SortedId[] = [];

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  add(entry: SortedId): void {
    this.#entries.splice(this.#placeOf(entry), 0, entry);
  }

  remove(entry: SortedId): void {
    const at = this.#placeOf(entry);
    if (this.#entries[at]?.id === entry.id) this.#entries.splice(at, 1);
  }

  /** At most `limit` entries behind that one, in the direction asked. */
  page(after: SortedId | undefined, descending: boolean, limit: number): readonly SortedId[] {
    if (descending) {
      const end = after === undefined ? this.#entries.length : this.#placeOf(after);
      return this.#entries.slice(Math.max(0, end - limit), end).reverse();
    }
    let start = after === undefined ? 0 : this.#placeOf(after);
    const there = this.#entries[start];
    if (after !== undefined && there !== undefined && compare(there, after) === 0) start++;
    return this.#entries.slice(start, start + limit);
  }

  /** The place of the first entry that is not before this one. */
  #placeOf(entry: SortedId): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compare(this.#entries[middle]!, entry) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function compare(left: SortedId, right: SortedId): number {
  const bySort = compareSortValues(left.sort, right.sort);
  if (bySort !== 0) return bySort;
  return left.id === right.id ? 0 : left.id < right.id ? -1 : 1;
}
