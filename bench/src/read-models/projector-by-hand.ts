import type { JournalReader, Position, RecordedEvent } from '@diptych/core';
import type { Way } from '../harness/turns.js';
import type { NoteDocument } from '../notes/noted.js';

/** As many as a subscription of ours reads at once. */
const limits = { maxEvents: 500, maxBytes: 1_048_576 };

/** The last position applied, by partition. */
type Marks = Readonly<Record<number, Position>>;

/** A document as it is kept, with the marks that make each event count once. */
export interface NoteByHand {
  readonly document: NoteDocument;
  readonly marks: Marks;
  /** The store's own token of the last write; `undefined` where there is no document yet. */
  readonly revision: string | undefined;
}

/** Loads and writes notes by hand, many at a time. */
export interface NotesByHand {
  load(notes: readonly string[]): Promise<readonly (NoteByHand | undefined)[]>;
  /** @throws Error when somebody else wrote one of them. */
  write(notes: readonly NoteByHand[]): Promise<void>;
}

/**
 * A loop that somebody would write who needs just this: the next events of the journal, their documents, what becomes
 * of them in memory, and each written once, if nobody wrote it since. It validates nothing, has no leases, parks
 * nothing, and its checkpoint is a variable.
 */
export function projectorByHand(reader: JournalReader, store: NotesByHand): Way {
  let [asked, handled] = [0, 0];
  let after: Position | undefined;
  return {
    name: 'by hand',
    async move(events) {
      asked += events;
      while (handled < asked) {
        const { entries } = await reader.readAll(after, limits);
        const noted = entries.filter((entry) => entry.name === 'bench.Noted') as RecordedEvent[];
        await store.write(await folded(store, noted));
        after = entries.at(-1)!.position;
        handled += entries.length;
      }
    },
    close: () => {},
  };
}

async function folded(store: NotesByHand, events: readonly RecordedEvent[]): Promise<readonly NoteByHand[]> {
  const byNote = new Map<string, { readonly event: RecordedEvent; readonly amount: number }[]>();
  for (const event of events) {
    const { note, amount } = JSON.parse(event.data) as { note: string; amount: number };
    const ofNote = byNote.get(note);
    if (ofNote === undefined) byNote.set(note, [{ event, amount }]);
    else ofNote.push({ event, amount });
  }
  const names = [...byNote.keys()];
  const loaded = await store.load(names);
  return names.flatMap((note, at) => {
    let { total, count } = loaded[at]?.document ?? { total: 0, count: 0 };
    const marks: Record<number, Position> = { ...loaded[at]?.marks };
    let changed = false;
    for (const { event, amount } of byNote.get(note)!) {
      const mark = marks[event.partition];
      if (mark !== undefined && mark >= event.position) continue;
      [total, count] = [total + amount, count + 1];
      marks[event.partition] = event.position;
      changed = true;
    }
    return changed ? [{ document: { note, total, count }, marks, revision: loaded[at]?.revision }] : [];
  });
}
