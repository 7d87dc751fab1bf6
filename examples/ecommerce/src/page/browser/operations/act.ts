import { byId, say } from '../elements.js';
import { ask } from './operator.js';
import type { OperatorAction } from './snapshot.js';

const nothingDone: Readonly<Record<string, string>> = {
  'not-parked': 'It is not parked any more.',
  'not-building': 'Nothing is being rebuilt.',
  unknown: 'The shop does not know it.',
};

/** Does what an operator wants, and says what came of it: `done`, or why nothing was. */
export async function act(action: OperatorAction, done: string): Promise<void> {
  byId('action-fault').textContent = '';
  try {
    const outcome = await ask(action);
    say(outcome === 'done' ? done : (nothingDone[outcome] ?? outcome));
  } catch (error) {
    showActionFault(error as Error);
  }
}

export function showActionFault({ message }: Error): void {
  byId('action-fault').textContent = message;
}
