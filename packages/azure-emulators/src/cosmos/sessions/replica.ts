import { SortedTree } from '../../sorted-tree/sorted-tree.js';

/** How far replicas are behind, in milliseconds. It can be changed while a server runs. */
export interface ReplicationLag {
  inMs: number;
}

/** The replica of a container that is furthest behind. */
export class Replica {
  /** When those writes were made that have not come to it. */
  private readonly underway = new SortedTree<number, number>();

  constructor(private readonly lag: ReplicationLag) {}

  committed(lsn: number, at: number): void {
    if (this.lag.inMs > 0) this.underway.set(lsn, at);
  }

  /** The last write that has come to it. */
  lsn(last: number, now: number): number {
    // What is taken out while a tree is walked through makes the walk pass over something.
    for (let lsn = this.underway.minKey(); lsn !== undefined; lsn = this.underway.minKey()) {
      if (now - (this.underway.get(lsn) ?? now) < this.lag.inMs) return lsn - 1;
      this.underway.delete(lsn);
    }
    return last;
  }
}
