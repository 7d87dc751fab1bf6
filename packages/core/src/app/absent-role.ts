import type { CommandBus } from '../commands/command-bus.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import type { QueryBus } from '../queries/query-bus.js';
import type { Role } from './role.js';

/** The command bus of a process without the role `commands`. */
export const noCommandBus: CommandBus = {
  dispatch: () => Promise.reject(roleAbsent('commands')),
  execute: () => Promise.reject(roleAbsent('commands')),
  send: () => Promise.reject(roleAbsent('commands')),
};

/** The query bus of a process without the role `queries`. */
export const noQueryBus: QueryBus = { execute: () => Promise.reject(roleAbsent('queries')) };

function roleAbsent(role: Role): ProgrammingError {
  return new ProgrammingError('role-absent', `This process does not run the role '${role}'.`, { role });
}
