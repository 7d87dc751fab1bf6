import type { Injectable, Injected } from '../handlers/injection.js';
import type { InjectableClass, Matches } from '../handlers/matching.js';
import type { Policy } from '../handlers/policy.js';
import {
  attachRegistration,
  type Lifetime,
  type MessageHandlerRegistration,
} from '../handlers/registration.js';
import type { Command, MessageType, ResultOf } from '../messages/message.js';
import { requireDefinition } from '../messages/message-registry.js';
import type { RetryPolicy } from '../pipeline/retry-policy.js';
import type { CommandContext, PrepareContext } from './command-context.js';

export interface CommandHandlerOptions<C extends Command, List> {
  /**
   * What the constructor is given, in its order; a function handler gets it behind command and context. Without a
   * list the class takes nothing, or carries inversify's own decorators.
   */
  readonly inject?: List | undefined;
  /** Who may ask. Without a policy nobody may, and `createApp` refuses to start. */
  readonly authorize?: Policy<C> | undefined;
  /** Default `singleton`. */
  readonly lifetime?: Lifetime | undefined;
  /** How long it may take, in milliseconds. Default: the app's limit. */
  readonly timeoutInMs?: number | undefined;
  /**
   * What is tried again, beside what the app's policy says. A rule here takes the place of the app's rule of that
   * name; `{}` means never.
   */
  readonly retry?: RetryPolicy | undefined;
  /** Whether the result of a command with an id from outside is stored with its mark. Default true. */
  readonly remember?: boolean | undefined;
  /** How long a command with an id from outside is remembered, in milliseconds. Default: the app's time. */
  readonly rememberForMs?: number | undefined;
}

/** A handler class of a command. `handle` gives what the command declares as its result. */
export interface HandlesCommand<C extends Command> {
  // A property, not a method: methods would also fit with narrower parameters.
  // biome-ignore lint/suspicious/noExplicitAny: what `prepare` gave, and which store it is, the handler knows itself
  handle: (command: C, context: CommandContext<any, any>) => ResultOf<C> | Promise<ResultOf<C>>;
  /** Done before the unit of work is opened: calls to other systems. What it gives is `context.prepared`. */
  prepare?: (command: C, context: PrepareContext) => unknown;
}

export interface CommandRegistration extends MessageHandlerRegistration {
  readonly kind: 'command';
  readonly timeoutInMs: number | undefined;
  readonly retry: RetryPolicy | undefined;
  readonly remember: boolean;
  readonly rememberForMs: number | undefined;
}

/** Makes a class the handler of a command. Works as a legacy and as a standard decorator. */
export function CommandHandler<
  C extends Command,
  const List extends readonly Injectable[] | undefined = undefined,
>(type: MessageType<C>, options: CommandHandlerOptions<NoInfer<C>, List> = {}) {
  return <Type extends InjectableClass & (new (...dependencies: never) => HandlesCommand<C>)>(
    target: Type & Matches<Type, List>,
    _context?: unknown,
  ): void => {
    const source = { kind: 'class', type: target, lifetime: options.lifetime ?? 'singleton' } as const;
    attachRegistration(target, registrationFor(type, options, source, target.name));
  };
}

/** Dependencies of a function handler, behind command and context. */
type Dependencies<List> = List extends readonly Injectable[] ? Injected<List> : [];

export interface FunctionCommandHandlerOptions<C extends Command, List, Prepared>
  extends Omit<CommandHandlerOptions<C, List>, 'lifetime'> {
  /** Done before the unit of work is opened: calls to other systems. What it gives is `context.prepared`. */
  readonly prepare?:
    | ((command: C, context: PrepareContext, ...dependencies: Dependencies<List>) => Prepared)
    | undefined;
}

/** As the decorator `CommandHandler`, for a function. */
export function commandHandler<
  C extends Command,
  const List extends readonly Injectable[] | undefined = undefined,
  Prepared = unknown,
  Native = unknown,
>(
  type: MessageType<C>,
  options: FunctionCommandHandlerOptions<NoInfer<C>, List, Prepared>,
  handle: (
    command: NoInfer<C>,
    context: CommandContext<Awaited<Prepared>, Native>,
    ...dependencies: Dependencies<List>
  ) => ResultOf<NoInfer<C>> | Promise<ResultOf<NoInfer<C>>>,
): CommandRegistration {
  type AnyCall = (...input: never[]) => unknown;
  const { prepare } = options as { readonly prepare?: AnyCall };
  const source = { kind: 'function', handle: handle as AnyCall, ...(prepare && { prepare }) } as const;
  return registrationFor(type, options as CommandHandlerOptions<never, undefined>, source, type?.wireName);
}

function registrationFor(
  message: MessageType,
  options: CommandHandlerOptions<never, readonly Injectable[] | undefined>,
  source: MessageHandlerRegistration['source'],
  name: string,
): CommandRegistration {
  requireDefinition(message);
  const { inject, authorize, timeoutInMs, retry, remember = true, rememberForMs } = options;
  return {
    kind: 'command',
    name,
    message,
    source,
    inject,
    authorize,
    timeoutInMs,
    retry,
    remember,
    rememberForMs,
  };
}
