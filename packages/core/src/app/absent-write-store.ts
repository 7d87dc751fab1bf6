import { ProgrammingError } from '../errors/programming-errors.js';
import type { WriteStore } from '../unit-of-work/write-store.js';

const absent = async (): Promise<never> => {
  throw new ProgrammingError('write-store-missing', 'This process has no access to the write database.');
};

/** Stands where a read side has none. Nothing in such a process asks it, unless the program does. */
export const absentWriteStore: WriteStore = {
  options: { sessionTimeLimitInMs: 1_000, maxMessageBytes: undefined },
  begin: absent,
  claim: absent,
  commit: absent,
  loadStream: absent,
  findSettled: absent,
  moveDue: absent,
  forgetSettled: absent,
};
