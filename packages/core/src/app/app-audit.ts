import type { DiptychError } from '../errors/diptych-error.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import { auditHandlers } from '../handlers/handler-audit.js';
import { unstableSchemas } from '../messages/schema-stability.js';
import { projectionsReadBy } from '../queries/read-model-behavior.js';
import { absentWriteStore } from './absent-write-store.js';
import type { AppParts } from './app-parts.js';
import { handlerOptionFaults, optionFaults } from './option-audit.js';
import { resolvedBy } from './registrations.js';

/** All that is wrong with an app, found before anything runs. */
export async function auditApp(parts: AppParts): Promise<readonly DiptychError[]> {
  const { registrations, registry, resolver } = parts;
  return [
    ...optionFaults(parts.options),
    ...handlerOptionFaults(registrations),
    ...auditHandlers([...registrations.commands, ...registrations.queries], parts.options.messages),
    ...resolver.check(resolvedBy(registrations)),
    ...unstableSchemas(registry),
    ...namesTwice(parts),
    ...withoutFolds(parts),
    ...eventsTwice(parts),
    ...readOutsideQueries(parts),
    ...withoutStore(parts),
    ...storesOfNone(parts),
    ...withoutWriteStore(parts),
    ...(await storeFaults(parts)),
    ...(await brokerFaults(parts)),
  ];
}

/** A subscription keeps its checkpoints under its name: two of one name would take each other's events. */
function namesTwice({ registrations }: AppParts): readonly DiptychError[] {
  const names = registrations.projections.map(({ name }) => name);
  return names
    .filter((name, index) => names.indexOf(name) < index)
    .map(
      (name) =>
        new ProgrammingError('projection-duplicate', `Two projections have the name '${name}'.`, {
          projection: name,
        }),
    );
}

function withoutFolds({ registrations }: AppParts): readonly DiptychError[] {
  return registrations.projections
    .filter(({ folds }) => folds.length === 0)
    .map(
      ({ name }) =>
        new ProgrammingError(
          'projection-without-folds',
          `Projection '${name}' folds no event. Give it @On methods, or \`.on(…)\`: it gives another projection, which is the one to name in \`handlers\`.`,
          { projection: name },
        ),
    );
}

/** Handlers that share a name share a subscription, and each event has one handler in it. */
function eventsTwice({ registrations }: AppParts): readonly DiptychError[] {
  const names = registrations.eventHandlers.map(
    ({ subscription, message }) => `${subscription} ${message.wireName}`,
  );
  return registrations.eventHandlers
    .filter((_handler, index) => names.indexOf(names[index]!) < index)
    .map(
      ({ name, message: { wireName } }) =>
        new ProgrammingError(
          'handler-duplicate',
          `Two event handlers named '${name}' handle '${wireName}'. Give one another name.`,
          {
            wireName,
            handlers: [name],
          },
        ),
    );
}

/** A read model lags behind what a command decides about, so only queries are given one. */
function readOutsideQueries({ registrations }: AppParts): readonly DiptychError[] {
  const { commands, eventHandlers, projections } = registrations;
  return [...commands, ...eventHandlers].flatMap((handler) =>
    projectionsReadBy(handler, projections).map(
      (projection) =>
        new ProgrammingError(
          'read-model-outside-query',
          `${handler.name} injects the read model '${projection.name}'. Only query handlers are given read models: a command decides by its own stream or rows.`,
          { handler: handler.name, model: projection.name },
        ),
    ),
  );
}

function withoutStore({ registrations, options }: AppParts): readonly DiptychError[] {
  const { database, readModels = {} } = options;
  if (database.readModels !== undefined) return [];
  return registrations.projections
    .filter(({ name, store }) => store === undefined && !Object.hasOwn(readModels, name))
    .map(
      ({ name }) =>
        new ProgrammingError(
          'projection-without-store',
          `Projection '${name}' has nowhere to keep its documents: give the database \`readModels\`, or the projection a \`store\`, or the app \`readModels\` for it.`,
          { projection: name },
        ),
    );
}

/** A store that was meant for a projection of another name: its documents would go somewhere else. */
function storesOfNone({ registrations, options }: AppParts): readonly DiptychError[] {
  const names = new Set(registrations.projections.map(({ name }) => name));
  return Object.keys(options.readModels ?? {})
    .filter((name) => !names.has(name))
    .map(
      (name) =>
        new ProgrammingError(
          'projection-unknown',
          `\`readModels\` has a store for '${name}', and there is no projection of that name.`,
          { projection: name, projections: [...names] },
        ),
    );
}

function withoutWriteStore({ options, roles }: AppParts): readonly DiptychError[] {
  if (!roles.has('commands') || options.database.writeStore !== absentWriteStore) return [];
  return [
    new ProgrammingError(
      'write-store-missing',
      "The role 'commands' needs the database's `writeStore`. A read side runs the other roles.",
    ),
  ];
}

async function storeFaults(parts: AppParts): Promise<readonly DiptychError[]> {
  const isUsed = parts.roles.has('projections') || parts.roles.has('queries');
  if (!isUsed || withoutStore(parts).length > 0) return [];
  const faults = await Promise.all(
    parts.registrations.projections.map(async (projection) =>
      ((await parts.storeOf(projection).audit?.(projection.definition)) ?? []).map(
        (fault) => new ProgrammingError('read-model-store-unfit', fault, { projection: projection.name }),
      ),
    ),
  );
  return faults.flat();
}

async function brokerFaults({ options, topic, queue }: AppParts): Promise<readonly DiptychError[]> {
  const { transport, queues } = options;
  const faults = [
    ...((await transport?.audit({ topics: [topic], queues: [] })) ?? []),
    ...((await queues?.audit({ topics: [], queues: [queue] })) ?? []),
  ];
  return faults.map((fault) => new ProgrammingError('transport-unfit', fault));
}
