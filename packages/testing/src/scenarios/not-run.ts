import {
  type Command,
  type CommandRegistration,
  commandHandler,
  internal,
  type MessageType,
} from '@diptych/core';

/**
 * Handlers that do nothing, for commands that a scenario only sees sent: a program sends no command that nobody
 * handles.
 */
export function notRun(types: readonly MessageType[]): readonly CommandRegistration[] {
  const commands = new Map(
    types.filter(({ kind }) => kind === 'command').map((type) => [type.wireName, type]),
  );
  return [...commands.values()].map((type) =>
    commandHandler(type as MessageType<Command>, { authorize: internal }, () => undefined),
  );
}
