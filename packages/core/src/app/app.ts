export type { CommandBus, DispatchOptions, SendCommandOptions } from '../commands/command-bus.js';
export type { Receipt } from '../commands/receipt.js';
export type { MessageOptions } from '../messages/message-options.js';
export type { ExecuteQueryOptions, QueryBus } from '../queries/query-bus.js';
