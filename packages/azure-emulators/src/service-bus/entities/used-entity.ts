import type { Clock } from '../../clock/clock.js';

/** An entity that knows when it was used, and tells who has it open that it is gone. */
export abstract class UsedEntity {
  /** When somebody last sent to it or received from it. */
  lastUsedAt: number;
  readonly createdAt: number;
  updatedAt: number;
  isDeleted = false;
  private readonly links = new Set<() => void>();

  constructor(
    readonly path: string,
    private readonly clock: Clock,
  ) {
    this.lastUsedAt = clock.now();
    this.createdAt = this.lastUsedAt;
    this.updatedAt = this.lastUsedAt;
  }

  get openLinks(): number {
    return this.links.size;
  }

  touch(): void {
    this.lastUsedAt = this.clock.now();
  }

  /** `onDeleted` is called should the entity go while the link is open. The returned function closes the link. */
  open(onDeleted: () => void): () => void {
    this.touch();
    this.links.add(onDeleted);
    return () => {
      this.touch();
      this.links.delete(onDeleted);
    };
  }

  /** Tells all who have it open, and drops what it holds. */
  deleted(): void {
    this.isDeleted = true;
    for (const onDeleted of [...this.links]) onDeleted();
  }
}
