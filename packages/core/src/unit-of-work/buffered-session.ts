import { ProgrammingError } from '../errors/programming-errors.js';
import type { Command, Event } from '../messages/message.js';
import type { MessageRegistry } from '../messages/message-registry.js';
import { assertUsableName } from '../messages/usable-name.js';
import { type Cause, causedCommand, causedEvent } from './caused-message.js';
import { dueTimeOf } from './due-time.js';
import { assertExpectation } from './expected-version.js';
import { assertFits } from './message-size.js';
import type { AppendOptions, LoadedStream, ScheduleOptions, SendOptions, Session } from './session.js';
import { SessionStream, type StoredPart } from './session-stream.js';
import { readStoredEvent } from './stored-event.js';
import type { StreamId } from './stream-id.js';
import type { ExpectedVersion, WriteBatch } from './write-batch.js';
import type { WriteStore, WriteTransaction } from './write-store.js';

export interface BufferedSessionOptions<Native> {
  readonly store: WriteStore<Native>;
  readonly registry: MessageRegistry;
  readonly cause: Cause;
  readonly timeLimitInMs: number;
  /** The largest event or command that store and transport take. */
  readonly maxMessageBytes: number | undefined;
  /** The transaction that a claim opened. Without one, the first `native()` opens it. */
  readonly transaction: WriteTransaction<Native> | undefined;
}

/** A session that keeps everything to itself until its unit of work writes it in one batch. */
export class BufferedSession<Native = unknown> implements Session<Native> {
  readonly tenant: string;
  readonly #options: BufferedSessionOptions<Native>;
  readonly #streams = new Map<string, SessionStream>();
  readonly #entries: WriteBatch['entries'][number][] = [];
  readonly #afterCommit: (() => void | Promise<void>)[] = [];
  #transaction: WriteTransaction<Native> | undefined;
  #opening: Promise<WriteTransaction<Native>> | undefined;
  #over = false;

  constructor(options: BufferedSessionOptions<Native>) {
    this.tenant = options.cause.meta.tenant;
    this.#options = options;
    this.#transaction = options.transaction;
  }

  async load<E extends Event = Event>(
    stream: string,
    { afterVersion = 0 }: { readonly afterVersion?: number } = {},
  ): Promise<LoadedStream<E>> {
    this.#assertOpen();
    const known = this.#stream(stream);
    return (await known.load(afterVersion, () => this.#read(known.id, afterVersion))) as LoadedStream<E>;
  }

  append(
    stream: string,
    expectedVersion: ExpectedVersion,
    events: readonly Event[],
    options: AppendOptions = {},
  ): void {
    this.#assertOpen();
    if (events.length === 0) return;
    assertExpectation(expectedVersion);
    const known = this.#stream(stream);
    const { partitionKey } = options;
    if (partitionKey !== undefined) assertUsableName(partitionKey, 'The partition key of a stream');
    const envelopes = events.map((event) => this.#fitting(causedEvent(event, this.#options.cause)));
    known.append(expectedVersion, events);
    this.#entries.push({
      kind: 'append',
      stream: known.id,
      expectedVersion,
      partitionKey,
      events: envelopes,
    });
  }

  send(message: Command, options: SendOptions = {}): string {
    this.#assertOpen();
    const command = this.#fitting(causedCommand(message, this.#options.cause));
    if (options.key !== undefined) assertUsableName(options.key, sentKey);
    this.#entries.push({ kind: 'send', key: options.key ?? command.id, command });
    return command.id;
  }

  schedule(message: Command, options: ScheduleOptions): string {
    this.#assertOpen();
    const { cause } = this.#options;
    const { due, time } = dueTimeOf(options, cause.clock.now());
    const command = this.#fitting({ ...causedCommand(message, cause), time });
    if (options.key !== undefined) assertUsableName(options.key, sentKey);
    this.#entries.push({ kind: 'schedule', key: options.key ?? command.id, command, due });
    return command.id;
  }

  cancel(messageId: string): void {
    this.#assertOpen();
    this.#entries.push({ kind: 'cancel', tenant: this.tenant, messageId });
  }

  async native(): Promise<Native> {
    this.#assertOpen();
    return (this.#transaction ?? (await this.#open())).native;
  }

  afterCommit(work: () => void | Promise<void>): void {
    this.#assertOpen();
    this.#afterCommit.push(work);
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** For the unit of work: what the session wants written. From here on the session cannot be used. */
  end(): SessionOutcome<Native> {
    this.#over = true;
    return {
      entries: this.#entries,
      transaction: this.#transaction,
      opening: this.#opening,
      afterCommit: this.#afterCommit,
    };
  }

  async #open(): Promise<WriteTransaction<Native>> {
    const { store, timeLimitInMs } = this.#options;
    this.#opening ??= store.begin({ timeLimitInMs });
    this.#transaction = await this.#opening;
    this.#assertOpen();
    return this.#transaction;
  }

  #stream(name: string): SessionStream {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    assertUsableName(name, 'The name of a stream');
    const made = new SessionStream({ tenant: this.tenant, name });
    this.#streams.set(name, made);
    return made;
  }

  async #read(id: StreamId, afterVersion: number): Promise<StoredPart> {
    const recorded = await this.#options.store.loadStream(id, { afterVersion });
    const decoded = recorded.map((event) => readStoredEvent(event, this.#options.registry));
    return { afterVersion, recorded, decoded };
  }

  #fitting<E extends Parameters<typeof assertFits>[0]>(envelope: E): E {
    assertKnown(envelope.name, this.#options.registry);
    assertFits(envelope, this.#options.maxMessageBytes);
    return envelope;
  }

  #assertOpen(): void {
    if (!this.#over) return;
    throw new ProgrammingError(
      'session-over',
      'The session has ended. Await everything that a handler starts.',
    );
  }
}

const sentKey = 'The key of a sent command';

/** What is left of a session when its handler is done. */
export interface SessionOutcome<Native> {
  readonly entries: WriteBatch['entries'];
  readonly transaction: WriteTransaction<Native> | undefined;
  /** The transaction that was asked for, and may still be waiting to begin. */
  readonly opening: Promise<WriteTransaction<Native>> | undefined;
  readonly afterCommit: readonly (() => void | Promise<void>)[];
}

// What is written and cannot be read back would be found out much later, and by somebody else.
function assertKnown(wireName: string, registry: MessageRegistry): void {
  if (registry.find(wireName) !== undefined) return;
  throw new ProgrammingError(
    'message-unknown',
    `'${wireName}' is not known to this program: no handler or projection names it. Name it in \`messages\`.`,
    { wireName },
  );
}
