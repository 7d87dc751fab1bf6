import { ProgrammingError } from '../errors/programming-errors.js';
import type { MessageHandlerRegistration } from '../handlers/registration.js';
import { definitionOf, type MessageDefinition, type MessageKind, withArticle } from '../messages/message.js';
import { requireDefinition } from '../messages/message-registry.js';
import type { Behavior, HandlingContext, Step } from './behavior.js';
import { compose } from './compose.js';

/** One message's way to its handler. */
export interface Route<Context extends HandlingContext> {
  readonly definition: MessageDefinition;
  readonly handler: MessageHandlerRegistration;
  readonly run: Step<Context>;
}

/** What happens to one message, for people. */
export interface PipelineDescription {
  readonly message: string;
  readonly handler: string;
  /** The policy's name; `undefined` where there is none, which refuses everybody. */
  readonly policy: string | undefined;
  /** The behaviors that have something to do for it, outermost first. */
  readonly behaviors: readonly string[];
}

const belongings: Readonly<Record<MessageKind, string>> = {
  command: 'is a command: commands.dispatch() or execute() it',
  query: 'is a query: queries.execute() it',
  event: 'is an event: a command handler appends it to a stream',
};

/** Finds the pipeline of a message: by its class, or by wire name for one that another copy of the code made. */
export class Router<Context extends HandlingContext> {
  readonly #kind: MessageKind;
  readonly #byClass = new Map<unknown, Route<Context>>();
  readonly #byName = new Map<string, Route<Context>>();
  readonly #descriptions: PipelineDescription[] = [];

  /** `kind`: of the messages that find their way here. */
  constructor(kind: MessageKind) {
    this.#kind = kind;
  }

  add(
    handler: MessageHandlerRegistration,
    behaviors: readonly Behavior<Context>[],
    innermost: Step<Context>,
  ): void {
    const definition = requireDefinition(handler.message);
    const pipeline = compose(behaviors, handler, innermost);
    const route = { definition, handler, run: pipeline.run };
    this.#byClass.set(handler.message, route);
    this.#byName.set(definition.wireName, route);
    this.#descriptions.push({
      message: definition.wireName,
      handler: handler.name,
      policy: handler.authorize?.name,
      behaviors: pipeline.behaviors,
    });
  }

  find(message: object): Route<Context> | undefined {
    return this.#byClass.get(message.constructor) ?? this.#byWireName(message);
  }

  describe(): readonly PipelineDescription[] {
    return this.#descriptions;
  }

  /** What to throw where `find` found nothing. */
  noHandler(message: object): ProgrammingError {
    const definition = definitionOf(message);
    if (definition === undefined) {
      const name = message.constructor?.name ?? typeof message;
      return new ProgrammingError(
        'not-a-message',
        `'${name}' is not a message; make its class with command() or query().`,
      );
    }
    const { kind, wireName } = definition;
    if (kind !== this.#kind) {
      return new ProgrammingError(
        'wrong-message-kind',
        `'${wireName}' ${belongings[kind]}; here belongs ${withArticle(this.#kind)}.`,
        { wireName },
      );
    }
    return new ProgrammingError('no-handler', `No handler for the ${kind} '${wireName}'.`, { wireName });
  }

  #byWireName(message: object): Route<Context> | undefined {
    const definition = definitionOf(message);
    return definition === undefined ? undefined : this.#byName.get(definition.wireName);
  }
}
