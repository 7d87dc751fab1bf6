import type { Position } from '../partitions/position.js';

/**
 * How far a subscription has come in a partition. The id is that of the entry at the position: a journal that
 * was restored to an older point no longer has it there, and the subscription must not go on.
 */
export interface Checkpoint {
  readonly position: Position;
  readonly entryId: string;
  /**
   * What the store of the effect gave to be kept beside it, opaque to all others: whoever reads behind the checkpoint
   * shows it to that store, and sees what the checkpoint says. Absent where the checkpoint alone says everything.
   */
  readonly evidence?: string | undefined;
}
