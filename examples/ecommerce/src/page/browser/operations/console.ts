import type { Operator } from './operator.js';
import type { OperatorAction } from './snapshot.js';

/** What the parts of the page share. */
export interface Console {
  readonly operator: Operator;
  /** Does it, and says what came of it. */
  act(action: OperatorAction, done: string): Promise<void>;
}
