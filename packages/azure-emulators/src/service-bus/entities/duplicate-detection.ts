/** The message ids that an entity has taken in lately. */
export class DuplicateDetection {
  /** When each came, oldest first. */
  private readonly seen = new Map<string, number>();

  /** Whether the id came within the window already; if not, it is remembered. */
  isDuplicate(id: string, now: number, windowInMs: number): boolean {
    for (const [old, at] of this.seen) {
      if (at + windowInMs > now) break;
      this.seen.delete(old);
    }
    if (this.seen.has(id)) return true;
    this.seen.set(id, now);
    return false;
  }
}
