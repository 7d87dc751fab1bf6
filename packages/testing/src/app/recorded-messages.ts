import {
  type Command,
  decodeMessage,
  type Event,
  type JournalEntry,
  type JournalReader,
  type MessageType,
  type Position,
  type RecordedCommand,
  type RecordedEvent,
} from '@diptych/core';

const everything = { maxEvents: 1_000_000, maxBytes: Number.MAX_SAFE_INTEGER };

/** What a journal has recorded from some point on, for assertions. */
export class RecordedMessages {
  readonly #reader: JournalReader;
  #after: Position | undefined;

  constructor(reader: JournalReader) {
    this.#reader = reader;
  }

  /** From here on only what is recorded later counts. */
  async restart(): Promise<void> {
    const heads = [...(await this.#reader.heads()).values()].sort();
    this.#after = heads.at(-1);
  }

  /** Events and sent commands with their envelopes, in the order of the journal. */
  async entries(): Promise<readonly JournalEntry[]> {
    return (await this.#reader.readAll(this.#after, everything)).entries;
  }

  /** The events of that type, in the order of the journal. */
  async events<E extends Event>(type: MessageType<E>): Promise<readonly E[]> {
    return this.#messages('event', type);
  }

  /** The commands of that type that were sent to run later, in the order of the journal. */
  async commands<C extends Command>(type: MessageType<C>): Promise<readonly C[]> {
    return this.#messages('command', type);
  }

  async #messages<M extends Event | Command>(
    kind: (RecordedEvent | RecordedCommand)['kind'],
    type: MessageType<M>,
  ): Promise<readonly M[]> {
    const entries = (await this.entries()).filter(
      (entry) => entry.kind === kind && entry.name === type.wireName,
    );
    return entries.map((entry) => decodeMessage(type, entry)).filter((message) => message !== null);
  }
}
