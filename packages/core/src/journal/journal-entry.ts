import type { Envelope } from '../messages/envelope.js';
import type { Position } from '../partitions/position.js';

/** An event as the journal holds it. */
export interface RecordedEvent extends Envelope {
  readonly kind: 'event';
  readonly stream: string;
  /** 1, 2, 3 … within the stream, without a gap. */
  readonly version: number;
  readonly partition: number;
  readonly position: Position;
}

/** A command that a unit of work sent. It lies in the partition of its key; event subscriptions pass over it. */
export interface RecordedCommand extends Envelope {
  readonly kind: 'command';
  /** What it is ordered by: commands of one key run one after the other, in the order they were sent. */
  readonly key: string;
  readonly partition: number;
  readonly position: Position;
}

export type JournalEntry = RecordedEvent | RecordedCommand;
