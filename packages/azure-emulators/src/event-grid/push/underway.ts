/** Counts what is being delivered. */
export class Underway {
  private count = 0;
  private readonly waiting: (() => void)[] = [];

  async during(work: () => Promise<void>): Promise<void> {
    this.count++;
    try {
      await work();
    } finally {
      this.count--;
      if (this.count === 0) for (const tell of this.waiting.splice(0)) tell();
    }
  }

  /** Resolves when nothing is. */
  idle(): Promise<void> {
    return this.count === 0 ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }
}
