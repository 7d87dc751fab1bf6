import { sqlError } from '../sql-error.js';
import { arrayFunctions } from './array-functions.js';
import { conversionFunctions, dateFunctions } from './conversion-functions.js';
import { mathFunctions } from './math-functions.js';
import { stringFunctions } from './string-functions.js';
import type { SystemFunction } from './system-function.js';
import { typeFunctions } from './type-functions.js';

const functions: ReadonlyMap<string, SystemFunction> = new Map(
  Object.entries({
    ...typeFunctions,
    ...stringFunctions,
    ...arrayFunctions,
    ...mathFunctions,
    ...conversionFunctions,
    ...dateFunctions,
  }),
);

/** Throws for a name that no function has, or a number of values that it does not take. */
export function systemFunction(name: string, values: number): SystemFunction {
  const found = functions.get(name.toUpperCase());
  if (found === undefined) throw sqlError(`'${name}' is not a recognized built-in function name.`, 'SC2005');
  if (values < found.least || values > found.most) {
    throw sqlError(`The ${name} function requires ${found.least} to ${found.most} argument(s).`, 'SC2006');
  }
  return found;
}
