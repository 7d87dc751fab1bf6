import { ProgrammingError } from '@diptych/core';

/** A query that cannot be asked, and where in its text: the first letter is 0. */
export function queryError(why: string, text = '', position?: number): ProgrammingError {
  if (position === undefined)
    return new ProgrammingError('cosmos-query', `This query cannot be asked: ${why}.`);
  const before = text.slice(0, position).split('\n');
  const [line, column] = [before.length, before.at(-1)!.length + 1];
  return new ProgrammingError(
    'cosmos-query',
    `This query cannot be asked: ${why}, at line ${line}, column ${column}.`,
    { position, line, column },
  );
}
