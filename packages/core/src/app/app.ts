import type { CommandBus } from '../commands/command-bus.js';
import type { MessageType } from '../messages/message.js';
import type { QueryBus } from '../queries/query-bus.js';
import type { Pump } from '../subscriptions/pump.js';
import type { AppDescription } from './app-description.js';
import type { CommandStatus, SentCommand } from './command-status.js';
import type { Operations } from './operations.js';

/** A command or query of an app, as edges see it. */
export interface ExposedMessage {
  readonly type: MessageType;
  /** `internal` messages are not shown to anybody outside the process. */
  readonly reach: 'public' | 'internal';
  /** Of a query: what HTTP answers as `Cache-Control`. `undefined`: `no-store`. */
  readonly cacheControl: string | undefined;
}

export interface StopOptions {
  /**
   * How long what is in hand may take to finish, in milliseconds. Then handlers of subscriptions are told to give
   * up through their abort signals; what they had not committed comes again. Default 10,000.
   */
  readonly drainInMs?: number | undefined;
}

/** A running program: its buses, its subscriptions, and what operators need. */
export interface App {
  readonly name: string;
  readonly commands: CommandBus;
  readonly queries: QueryBus;
  readonly operations: Operations;
  /** The commands and queries that are handled in this process. */
  readonly messages: { find(kind: 'command' | 'query', wireName: string): ExposedMessage | undefined };
  /** What has become of a sent command. */
  commandStatus(messageId: string, sent: SentCommand): Promise<CommandStatus>;
  /** What the app consists of; `diagramOf` draws it. */
  describe(): AppDescription;
  /**
   * Whether every read model of this program's versions has caught up once, so that queries are answered. A process
   * that neither answers queries nor feeds read models is always ready.
   */
  ready(): Promise<boolean>;
  /**
   * Starts the subscriptions of this process's roles. The buses work before.
   * @throws ProgrammingError `app-over` for an app that was stopped.
   */
  start(): Promise<void>;
  /** Takes no more messages, finishes what is in hand, gives partitions back. */
  stop(options?: StopOptions): Promise<void>;
  /** The parts that run by themselves between `start` and `stop`; a test or a host may turn them itself. */
  pumps(): readonly Pump[];
  /** How many messages that were handed to the buses are being handled now. */
  inFlight(): { readonly commands: number; readonly queries: number };
}
