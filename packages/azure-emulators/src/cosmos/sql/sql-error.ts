import { CosmosError } from '../cosmos-error.js';

/** A query that cannot be run, told of as the service does. */
export function sqlError(message: string, code = 'SC2001', start = 0, end = start): CosmosError {
  const errors = [{ severity: 'Error', location: { start, end }, code, message }];
  return new CosmosError(400, 'BadRequest', `Message: ${JSON.stringify({ errors })}`);
}

export const syntaxError = (text: string, position: number) => {
  const near = /^(\w+|\s*\S?)/.exec(text.slice(position, position + 64))?.[0] ?? '';
  const message = `Syntax error, incorrect syntax near '${near.trim() === '' ? '<EOF>' : near.trim()}'.`;
  return sqlError(message, 'SC1001', position, position + near.length);
};
