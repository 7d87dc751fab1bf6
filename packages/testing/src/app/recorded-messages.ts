import {
  type Command,
  decodeMessage,
  type Envelope,
  type Event,
  type JournalEntry,
  type JournalReader,
  type MessageType,
  type Position,
  type WriteBatch,
} from '@diptych/core';

const everything = { maxEvents: 1_000_000, maxBytes: Number.MAX_SAFE_INTEGER };

/** What a journal has recorded from some point on, for assertions. */
export class RecordedMessages {
  readonly #reader: JournalReader;
  readonly #batches: WriteBatch[] = [];
  #after: Position | undefined;

  constructor(reader: JournalReader) {
    this.#reader = reader;
  }

  /** From here on only what is recorded later counts. */
  async restart(): Promise<void> {
    const heads = [...(await this.#reader.heads()).values()].sort();
    this.#after = heads.at(-1);
    this.#batches.length = 0;
  }

  /** For the app: what it has committed. */
  note(batch: WriteBatch): void {
    this.#batches.push(batch);
  }

  /** What this app has committed, unit by unit; what is only scheduled is in no journal yet. */
  batches(): readonly WriteBatch[] {
    return [...this.#batches];
  }

  /** Events and sent commands with their envelopes, in the order of the journal. */
  async entries(): Promise<readonly JournalEntry[]> {
    return (await this.#reader.readAll(this.#after, everything)).entries;
  }

  /** The events of that type, in the order of the journal. */
  async events<E extends Event>(type: MessageType<E>): Promise<readonly E[]> {
    const entries = await this.entries();
    return messages(
      type,
      entries.filter(({ kind }) => kind === 'event'),
    );
  }

  /**
   * The commands of that type that were sent to run later, in the order of the journal. One that was scheduled is
   * there when it has come due.
   */
  async commands<C extends Command>(type: MessageType<C>): Promise<readonly C[]> {
    const entries = await this.entries();
    return messages(
      type,
      entries.filter(({ kind }) => kind === 'command'),
    );
  }

  /** The commands of that type that this app has scheduled, whether they are due, in the order of their commits. */
  scheduled<C extends Command>(type: MessageType<C>): readonly C[] {
    const entries = this.#batches.flatMap(({ entries }) => entries);
    return messages(
      type,
      entries.flatMap((entry) => (entry.kind === 'schedule' ? [entry.command] : [])),
    );
  }
}

function messages<M extends Event | Command>(
  type: MessageType<M>,
  envelopes: readonly Envelope[],
): readonly M[] {
  return envelopes
    .filter(({ name }) => name === type.wireName)
    .map((envelope) => decodeMessage(type, envelope))
    .filter((message) => message !== null);
}
