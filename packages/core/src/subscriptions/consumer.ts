import type { Checkpoint } from '../journal/checkpoint.js';
import type { RecordedCommand, RecordedEvent } from '../journal/journal-entry.js';

/** One message for one key of a subscription. An event that concerns several documents makes several items. */
export interface WorkItem<Entry extends RecordedEvent | RecordedCommand = RecordedEvent | RecordedCommand> {
  /** What its order is kept by, and what it parks under: the document, the correlation, the stream. */
  readonly key: string;
  readonly entry: Entry;
}

/** An item that could not be handled, and why. Later items of the same key were not tried. */
export interface FailedItem {
  readonly item: WorkItem;
  readonly error: unknown;
}

export interface ConsumeContext {
  readonly subscription: string;
  readonly partition: number;
  /** Rises with each change of owner. */
  readonly epoch: number;
  /** How far the subscription has come in the partition; `undefined` at its beginning. */
  readonly checkpoint: Checkpoint | undefined;
  readonly abortSignal: AbortSignal;
}

/**
 * What a subscription hands its batches to. The subscription keeps order, gates, retries and checkpoints; a
 * consumer only knows what an entry means.
 */
export interface Consumer {
  /**
   * The items of an entry; none for an entry that is of no concern.
   * @throws when the key cannot be told: the partition stops there, with an alarm.
   */
  itemsOf(entry: RecordedEvent | RecordedCommand): readonly WorkItem[];
  /**
   * Handles items of one partition, each key's in order, each at most once in effect however often it comes.
   * The effect is durable when this resolves. Faults of the message are answered, per key, first only.
   * @throws when a store or transport fails: the partition pauses and the batch comes again.
   */
  handle(items: readonly WorkItem[], context: ConsumeContext): Promise<readonly FailedItem[]>;
  /**
   * Whether the effect of an item is there already, although nobody has said so: its owner died in between. Asked
   * before a discard is carried out. Absent where the answer changes nothing for rebuilds. Default: not known, so no.
   */
  hasHandled?(item: WorkItem, context: ConsumeContext): Promise<boolean>;
  /**
   * Asked once the effects of a batch are durable, before the checkpoint moves to `reached`: the evidence to keep with
   * it. `context.checkpoint` is the one before.
   * @throws when effects that the one before speaks of may be lost: the partition is prepared anew.
   */
  readonly evidenceOf?:
    | ((reached: Checkpoint, context: ConsumeContext) => Promise<string | undefined>)
    | undefined;
  /**
   * The last checkpoint, at or before this one, whose effects are all there; `undefined` when that is the beginning.
   * Asked when a partition is taken, and every few seconds. Absent where effects do not get lost.
   */
  readonly lastWhole?:
    | ((checkpoint: Checkpoint, context: ConsumeContext) => Promise<Checkpoint | undefined>)
    | undefined;
  /** False for one that must not pass anything over, as the relay: it pauses instead of parking. Default true. */
  readonly parks?: boolean;
}
