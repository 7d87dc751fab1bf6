/** Tells which partitions got something to read. It must not throw. */
export type CommitListener = (partitions: readonly number[]) => void;

/** One writing that is under way; `end` is called once. */
export interface UnderWay {
  end(partitions: readonly number[]): void;
}

/**
 * Commits of this process, told to those who read the journal in it. What was committed while another transaction was
 * still open may not be readable yet, since readers wait for the earlier one, so it is told again when that one ends.
 */
export class CommitNotices {
  readonly #listeners = new Set<CommitListener>();
  readonly #open = new Set<number>();
  /** By partition, the last of those that were open when it was committed to. */
  readonly #late = new Map<number, number>();
  #last = 0;

  onCommit(listener: CommitListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** To be called before anything is written. */
  begin(): UnderWay {
    const number = ++this.#last;
    this.#open.add(number);
    return {
      end: (partitions) => {
        this.#open.delete(number);
        this.#announce(partitions);
      },
    };
  }

  #announce(partitions: readonly number[]): void {
    const told = new Set([...this.#late.keys(), ...partitions]);
    for (const partition of partitions) this.#late.set(partition, this.#last);
    const oldest = Math.min(...this.#open);
    for (const [partition, last] of this.#late) if (last < oldest) this.#late.delete(partition);
    if (told.size > 0) for (const listener of this.#listeners) listener([...told]);
  }
}
