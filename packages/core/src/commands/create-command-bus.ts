import { systemClock } from '../clock/system-clock.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import { auditHandlers } from '../handlers/handler-audit.js';
import { Resolver } from '../handlers/resolver.js';
import { formatConsistency } from '../journal/consistency-token.js';
import type { Envelope, MessageMeta } from '../messages/envelope.js';
import { EnvelopeFactory } from '../messages/envelope-factory.js';
import type { Command, MessageDefinition, ResultOf } from '../messages/message.js';
import { assertUsableName } from '../messages/usable-name.js';
import { authorize } from '../pipeline/authorization-behavior.js';
import type { Behavior } from '../pipeline/behavior.js';
import { handlerStep } from '../pipeline/handler-step.js';
import { type AroundPrepare, prepareBehavior } from '../pipeline/prepare-behavior.js';
import { type PipelineDescription, Router } from '../pipeline/router.js';
import type { CommandBus, DispatchOptions, SendCommandOptions } from './command-bus.js';
import { CommandMessageContext } from './command-context.js';
import type { CommandRegistration } from './command-handler.js';
import type { Receipt } from './receipt.js';

export interface CommandBusOptions {
  readonly handlers: readonly CommandRegistration[];
  /** Default: one that knows only inject lists and constructors without parameters. */
  readonly resolver?: Resolver | undefined;
  /** Default: one with the machine's clock and the source `'local'`. */
  readonly envelopes?: EnvelopeFactory | undefined;
  /** What happens around the handlers, outermost first. Default: nothing. `commandBehaviors` gives the usual ones. */
  readonly behaviors?: readonly Behavior<CommandMessageContext>[] | undefined;
  /** What happens between a handler's `prepare` step and its handling: the unit of work. */
  readonly unitOfWork?: Behavior<CommandMessageContext> | undefined;
  /** What `prepare` steps are to know of the unit of work. Default: nothing. */
  readonly aroundPrepare?: AroundPrepare<CommandMessageContext> | undefined;
  /** Journals a command that is to run later. Without it `send` is refused. */
  readonly send?: ((command: Envelope, key: string) => Promise<void>) | undefined;
  /** The journal's incarnation, for receipts. Default: a bus without a journal says `none`. */
  readonly incarnation?: (() => string) | undefined;
  /** Whether the caller is inside a handler's session, where commands may only be sent. */
  readonly insideSession?: (() => boolean) | undefined;
}

/** The bus as the app and its edges use it. */
export interface RunningCommandBus extends CommandBus {
  /** Runs a command that came with its envelope, from a queue: its id is claimed, and a copy changes nothing. */
  handle(
    command: object,
    meta: MessageMeta,
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<Receipt<unknown>>;
  /** Each command's handler, policy and behaviors in order. */
  describe(): readonly PipelineDescription[];
}

/**
 * Puts the pipelines together and gives the bus. With `handlers` alone it is bare: a command goes straight to its
 * handler.
 * @throws ProgrammingError `handler-duplicate`, and what the resolver throws.
 */
export function createCommandBus(options: CommandBusOptions): RunningCommandBus {
  const { handlers, resolver = new Resolver(), behaviors = [], unitOfWork } = options;
  const duplicate = auditHandlers(handlers).find(({ code }) => code === 'handler-duplicate');
  if (duplicate !== undefined) throw duplicate;
  const prepare = prepareBehavior(resolver, options.aroundPrepare);
  const around = [...behaviors, prepare, ...(unitOfWork === undefined ? [] : [unitOfWork])];
  const router = new Router<CommandMessageContext>('command');
  for (const handler of handlers) router.add(handler, around, handlerStep(handler, resolver));
  return new ComposedCommandBus(router, options);
}

class ComposedCommandBus implements RunningCommandBus {
  readonly #router: Router<CommandMessageContext>;
  readonly #envelopes: EnvelopeFactory;
  readonly #send: CommandBusOptions['send'];
  readonly #incarnation: () => string;
  readonly #insideSession: (() => boolean) | undefined;

  constructor(router: Router<CommandMessageContext>, options: CommandBusOptions) {
    this.#router = router;
    this.#envelopes = options.envelopes ?? new EnvelopeFactory({ source: 'local', clock: systemClock });
    this.#send = options.send;
    this.#incarnation = options.incarnation ?? (() => 'none');
    this.#insideSession = options.insideSession;
  }

  execute<C extends Command>(command: C, options?: DispatchOptions): Promise<ResultOf<C>> {
    const route = this.#router.find(command);
    if (route === undefined) return Promise.reject(this.#router.noHandler(command));
    if (this.#insideSession?.()) return Promise.reject(executeInHandler(route.definition));
    try {
      if (options !== undefined) assertNames(options);
    } catch (error) {
      return Promise.reject(error);
    }
    const context = new CommandMessageContext(route.definition, this.#envelopes, options, options?.id);
    return route.run(command, context) as Promise<ResultOf<C>>;
  }

  async dispatch<C extends Command>(command: C, options?: DispatchOptions): Promise<Receipt<ResultOf<C>>> {
    const route = this.#router.find(command);
    if (route === undefined) throw this.#router.noHandler(command);
    if (this.#insideSession?.()) throw executeInHandler(route.definition);
    if (options !== undefined) assertNames(options);
    const context = new CommandMessageContext(route.definition, this.#envelopes, options, options?.id);
    return this.#receipt(await route.run(command, context), context) as Receipt<ResultOf<C>>;
  }

  async handle(
    command: object,
    meta: MessageMeta,
    options: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<Receipt<unknown>> {
    const route = this.#router.find(command);
    if (route === undefined) throw this.#router.noHandler(command);
    const { traceparent, tracestate } = meta;
    const context = new CommandMessageContext(route.definition, this.#envelopes, {
      ...options,
      traceparent,
      tracestate,
    });
    context.adopt(meta).queued = true;
    return this.#receipt(await route.run(command, context), context);
  }

  async send(command: Command, options: SendCommandOptions = {}): Promise<{ readonly messageId: string }> {
    if (this.#send === undefined) {
      throw new ProgrammingError(
        'no-journal',
        'This bus has no journal, so commands cannot be sent to run later.',
      );
    }
    const route = this.#router.find(command);
    if (route === undefined) throw this.#router.noHandler(command);
    if (this.#insideSession?.()) throw executeInHandler(route.definition);
    assertNames(options);
    // Asked again when it runs; whoever may not send it should hear so now.
    await authorize(
      route.handler,
      command,
      new CommandMessageContext(route.definition, this.#envelopes, options, options.id),
    );
    const envelope = this.#envelopes.sentCommand(command, options, options.id);
    await this.#send(envelope, options.key ?? envelope.id);
    return { messageId: envelope.id };
  }

  describe(): readonly PipelineDescription[] {
    return this.#router.describe();
  }

  #receipt(result: unknown, context: CommandMessageContext): Receipt<unknown> {
    const { messageId, ranges } = context.written ?? { messageId: context.id, ranges: [] };
    return {
      result,
      messageId,
      consistency: formatConsistency({ incarnation: this.#incarnation(), ranges }),
    };
  }
}

/** @throws ProgrammingError `invalid-name`. */
function assertNames({ id, idempotencyKey, key }: DispatchOptions & SendCommandOptions): void {
  if (id !== undefined) assertUsableName(id, 'The id of a command');
  if (idempotencyKey !== undefined) assertUsableName(idempotencyKey, 'An idempotency key');
  if (key !== undefined) assertUsableName(key, 'The key of a sent command');
}

function executeInHandler({ wireName }: MessageDefinition): ProgrammingError {
  return new ProgrammingError(
    'execute-in-handler',
    `'${wireName}' was executed or sent by the bus inside the handler of another message. Send it with session.send() instead: it then commits together with what that handler does.`,
    { wireName },
  );
}
