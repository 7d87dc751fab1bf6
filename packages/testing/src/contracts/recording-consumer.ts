import type { ConsumeContext, Consumer, FailedItem, JournalEntry, Position, WorkItem } from '@diptych/core';

/** What the data of the suites' events says about themselves. */
interface Behaviour {
  /** What the event is about. Default: its stream. */
  readonly key?: string;
  /** Its key cannot be told. */
  readonly unreadable?: boolean;
}

/** The effects of a consumer as a store with marks would keep them: each entry once per key, whoever writes. */
export class RecordedEffects {
  readonly #applied = new Map<string, WorkItem[]>();
  readonly #marks = new Map<string, Position>();

  apply(item: WorkItem): void {
    const mark = `${item.entry.partition} ${item.key}`;
    const last = this.#marks.get(mark);
    if (last !== undefined && item.entry.position <= last) return;
    this.#marks.set(mark, item.entry.position);
    this.#applied.set(item.key, [...(this.#applied.get(item.key) ?? []), item]);
  }

  /** The versions applied for a key, in the order they were. */
  of(key: string): readonly number[] {
    return (this.#applied.get(key) ?? []).map(({ entry }) => (entry.kind === 'event' ? entry.version : 0));
  }

  /** The ids of all entries applied, key by key. */
  get ids(): readonly string[] {
    return [...this.#applied.values()].flat().map(({ entry }) => entry.id);
  }
}

/** A consumer that records, and fails where it is told to. Several may share their effects, as processes share a store. */
export class RecordingConsumer implements Consumer {
  readonly effects: RecordedEffects;
  /** How often an item was tried, by key and version: `order-1/2`. */
  readonly tries: string[] = [];
  /** Items that cannot be handled: `order-1/2`. */
  readonly failing = new Set<string>();
  /** When set, a store that the consumer needs is out of reach. */
  outage: Error | undefined;
  /** When true, events without a readable key are readable after all: the program was mended. */
  isMended = false;
  batches = 0;
  /** Called before an item is applied. */
  beforeItem: (item: WorkItem, context: ConsumeContext) => Promise<void> = async () => {};

  constructor(effects: RecordedEffects = new RecordedEffects()) {
    this.effects = effects;
  }

  itemsOf(entry: JournalEntry): readonly WorkItem[] {
    if (entry.kind !== 'event') return [];
    const { key = entry.stream, unreadable = false } = JSON.parse(entry.data) as Behaviour;
    if (unreadable && !this.isMended) throw new Error(`The key of ${entry.id} cannot be told.`);
    return [{ key, entry }];
  }

  async handle(items: readonly WorkItem[], context: ConsumeContext): Promise<readonly FailedItem[]> {
    if (this.outage !== undefined) throw this.outage;
    this.batches += 1;
    const failed = new Map<string, FailedItem>();
    for (const item of items) {
      if (failed.has(item.key)) continue;
      await this.beforeItem(item, context);
      const name = nameOf(item);
      this.tries.push(name);
      if (this.failing.has(name)) failed.set(item.key, { item, error: new Error(`${name} fails.`) });
      else this.effects.apply(item);
    }
    return [...failed.values()];
  }
}

function nameOf({ key, entry }: WorkItem): string {
  return `${key}/${entry.kind === 'event' ? entry.version : entry.id}`;
}
