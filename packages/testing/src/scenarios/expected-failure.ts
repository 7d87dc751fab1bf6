import { AssertionError } from 'node:assert';
import { isDiptychError } from '@diptych/core';

/** An error's code, or the class of the error. */
export type ExpectedFailure = string | (abstract new (...input: never[]) => Error);

/** @throws AssertionError when there was no failure, or another one; that one is its cause. */
export function assertFailure(failure: unknown, expected: ExpectedFailure): void {
  const wanted = typeof expected === 'string' ? `the code '${expected}'` : expected.name;
  if (failure === undefined)
    throw new AssertionError({ message: `It went well; a failure with ${wanted} was expected.` });
  const matches =
    typeof expected === 'string' ? isDiptychError(failure, expected) : failure instanceof expected;
  if (matches) return;
  const got = isDiptychError(failure) ? `the code '${failure.code}'` : String(failure);
  const assertion = new AssertionError({ message: `It failed with ${got}; ${wanted} was expected.` });
  throw Object.assign(assertion, { cause: failure });
}
