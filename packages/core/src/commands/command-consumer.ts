import type { Clock } from '../clock/clock.js';
import { DiptychError } from '../errors/diptych-error.js';
import { RefusedError } from '../errors/domain-errors.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { JournalEntry, RecordedCommand } from '../journal/journal-entry.js';
import { decodeMessage } from '../messages/message-codec.js';
import type { MessageRegistry } from '../messages/message-registry.js';
import { documentKey } from '../read-models/document-key.js';
import type { ConsumeContext, Consumer, FailedItem, WorkItem } from '../subscriptions/consumer.js';
import { handleInOrder } from '../subscriptions/handle-in-order.js';
import { defaultRememberForMs } from '../unit-of-work/inbox.js';
import type { CommandRegistration } from './command-handler.js';
import type { RunningCommandBus } from './create-command-bus.js';

/** The id of the subscription that runs journalled commands. */
export const commandSubscription = 'commands';

export interface CommandConsumerOptions {
  readonly bus: Pick<RunningCommandBus, 'handle'>;
  readonly registry: MessageRegistry;
  readonly clock: Clock;
  /** How long commands are remembered, in milliseconds. One that has waited longer parks. Default 7 days. */
  readonly rememberForMs?: number | undefined;
  /** Those of them count that say another time for their command. */
  readonly handlers?: readonly Pick<CommandRegistration, 'message' | 'rememberForMs'>[] | undefined;
}

/**
 * The consumer that runs journalled commands: each once, those of one key in order. A refusal by the domain is an
 * answer like another: the inbox remembers it, and the command is done with. What else goes wrong parks its key.
 */
export class CommandConsumer implements Consumer {
  readonly #bus: Pick<RunningCommandBus, 'handle'>;
  readonly #registry: MessageRegistry;
  readonly #clock: Clock;
  readonly #rememberForMs: number;
  readonly #rememberByName = new Map<string, number>();

  constructor(options: CommandConsumerOptions) {
    const { bus, registry, clock, rememberForMs = defaultRememberForMs, handlers = [] } = options;
    this.#bus = bus;
    this.#registry = registry;
    this.#clock = clock;
    this.#rememberForMs = rememberForMs;
    for (const { message, rememberForMs: own } of handlers) {
      if (own !== undefined) this.#rememberByName.set(message.wireName, own);
    }
  }

  itemsOf(entry: JournalEntry): readonly WorkItem[] {
    if (entry.kind !== 'command') return [];
    return [{ key: documentKey({ tenant: entry.tenant, name: entry.key }), entry }];
  }

  handle(items: readonly WorkItem[], context: ConsumeContext): Promise<readonly FailedItem[]> {
    return handleInOrder(items, context, ({ entry }) => this.#run(entry as RecordedCommand, context));
  }

  async #run(entry: RecordedCommand, { abortSignal }: ConsumeContext): Promise<void> {
    this.#assertYoung(entry);
    const type = this.#registry.find(entry.name);
    if (type === undefined) throw noHandler(entry);
    const command = decodeMessage(type, entry);
    const {
      kind: _kind,
      data: _data,
      key: _key,
      partition: _partition,
      position: _position,
      ...meta
    } = entry;
    try {
      if (command !== null) await this.#bus.handle(command, meta, { abortSignal });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
    }
  }

  // It may have run before, and the mark that would tell is forgotten.
  #assertYoung({ id, name, time }: RecordedCommand): void {
    const rememberForMs = this.#rememberByName.get(name) ?? this.#rememberForMs;
    if (this.#clock.now() - Date.parse(time) <= rememberForMs) return;
    throw new DiptychError({
      code: 'command-too-old',
      message: `'${name}' was sent at ${time}, longer ago than commands are remembered: nobody can tell whether it has run.`,
      details: { wireName: name, messageId: id, sentAt: time, rememberForMs },
    });
  }
}

function noHandler({ name }: RecordedCommand): ProgrammingError {
  return new ProgrammingError('no-handler', `No handler for the command '${name}'.`, { wireName: name });
}
