import { ProgrammingError } from '@diptych/core';

/** @throws ProgrammingError `redis-prefix`. */
export function assertPrefix(prefix: string): void {
  if (/^[\w.-]{1,64}$/.test(prefix)) return;
  throw new ProgrammingError(
    'redis-prefix',
    `Keys can begin with 1 to 64 letters, digits, '.', '_', '-', not '${prefix}'.`,
    { prefix },
  );
}
