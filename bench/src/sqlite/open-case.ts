import type { Case } from '../harness/measure.js';

/** A case with a file that is open as long as it is driven. */
export interface OpenCase extends Case {
  close(): void | Promise<void>;
}
