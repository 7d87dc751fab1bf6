import type { CommandBus } from '../commands/command-bus.js';
import type { ConsistencyToken } from '../journal/consistency-token.js';
import type { MessageType } from '../messages/message.js';
import type { QueryBus } from '../queries/query-bus.js';

/** What the HTTP edge needs of an app; what `createApp` gives has it. */
export interface HttpApp {
  readonly commands: Pick<CommandBus, 'dispatch' | 'send'>;
  readonly queries: QueryBus;
  readonly messages: HttpMessages;
  /**
   * What has become of a sent command. Without it, `Prefer: respond-async` is passed over and commands are
   * answered when they have run.
   */
  commandStatus?(messageId: string, sent: SentCommand): Promise<CommandStatus | undefined>;
}

/** The commands and queries of the app by wire name. */
export interface HttpMessages {
  find(kind: 'command' | 'query', wireName: string): HttpMessage | undefined;
}

/** A command or query as far as the edge must know it. */
export interface HttpMessage {
  readonly type: MessageType;
  /** The reach of its policy. Callers cannot tell an `internal` message from one that is not there. */
  readonly reach: 'public' | 'internal';
  /** Of a query: the value of `Cache-Control`. Default `no-store`. */
  readonly cacheControl?: string | undefined;
}

/** Whose command it is; the edge has made sure that the asker is that subject. */
export interface SentCommand {
  readonly wireName: string;
  readonly tenant: string;
}

/** What has become of a sent command. `pending` also while it waits for a retry. */
export type CommandStatus =
  | { readonly state: 'pending' }
  | { readonly state: 'done'; readonly result?: unknown; readonly consistency?: ConsistencyToken }
  | {
      readonly state: 'refused';
      readonly code: string;
      readonly message: string;
      readonly details?: Readonly<Record<string, unknown>>;
    }
  /** It failed and waits for an operator. */
  | { readonly state: 'parked' };
