import type { CommandRegistration } from '../commands/command-handler.js';
import type { DiptychError } from '../errors/diptych-error.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { EventHandlerRegistration } from '../events/event-handler.js';
import { registrationOf } from '../handlers/registration.js';
import type { ProjectionRegistration } from '../projections/projection-registration.js';
import type { QueryRegistration } from '../queries/query-handler.js';

/** What `handlers` may hold: a decorated class, or what one of the functions beside the decorators gave. */
export type HandlerSourceOrRegistration = AnyRegistration | DecoratedClass;

// biome-ignore lint/suspicious/noExplicitAny: the decorator has compared the constructor with its inject list
type DecoratedClass = abstract new (...dependencies: any) => object;

export type AnyRegistration =
  | CommandRegistration
  | QueryRegistration
  | EventHandlerRegistration
  | ProjectionRegistration;

/** An app's registrations, sorted by what they are. */
export interface Registrations {
  readonly commands: readonly CommandRegistration[];
  readonly queries: readonly QueryRegistration[];
  readonly eventHandlers: readonly EventHandlerRegistration[];
  readonly projections: readonly ProjectionRegistration[];
  /** What is no registration: `not-a-handler`. */
  readonly faults: readonly DiptychError[];
}

export function sortRegistrations(handlers: readonly HandlerSourceOrRegistration[]): Registrations {
  const found = handlers.map((handler) => ({ handler, registration: registrationIn(handler) }));
  const all = found.flatMap(({ registration }) => (registration === undefined ? [] : [registration]));
  return {
    commands: all.filter((one) => one.kind === 'command'),
    queries: all.filter((one) => one.kind === 'query'),
    eventHandlers: all.filter((one) => one.kind === 'event-handler'),
    projections: all.filter((one) => one.kind === 'projection'),
    faults: found.flatMap(({ handler, registration }, index) =>
      registration === undefined ? [notAHandler(handler, index)] : [],
    ),
  };
}

function registrationIn(handler: HandlerSourceOrRegistration): AnyRegistration | undefined {
  const candidate = typeof handler === 'function' ? registrationOf(handler) : handler;
  const kind = (candidate as Partial<AnyRegistration> | null | undefined)?.kind;
  return kind === undefined ? undefined : (candidate as AnyRegistration);
}

function notAHandler(handler: object | null | undefined, index: number): ProgrammingError {
  if (handler === undefined || handler === null) {
    return new ProgrammingError(
      'not-a-handler',
      `\`handlers[${index}]\` is ${handler}. Do two files import each other?`,
    );
  }
  const name = (handler as { readonly name?: string }).name ?? typeof handler;
  return new ProgrammingError(
    'not-a-handler',
    `'${name}' is no handler: decorate it with @CommandHandler, @QueryHandler, @EventHandler or @Projection, or register a function.`,
  );
}

/** The registrations whose classes or injected values the resolver must be able to make. */
export function resolvedBy({ commands, queries, eventHandlers, projections }: Registrations) {
  const classes = projections.flatMap(({ source, ...projection }) =>
    source === undefined ? [] : [{ ...projection, source }],
  );
  return [...commands, ...queries, ...eventHandlers, ...classes];
}
