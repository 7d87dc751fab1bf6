import type { App, Operations, ParkedAddress, ParkedState } from '@diptych/core';
import { z } from 'zod';
import type { OperatorAction } from '../page/browser/operations/snapshot.js';
import type { FaultSwitches } from './fault-switches.js';

const name = z.string().min(1).max(200);
const address = {
  subscription: name,
  partition: z.int().min(-1).max(1_000_000),
  key: z.string().max(2_000),
  position: z.string().min(1).max(200),
};

/** What an operator may ask for, as it comes off the wire. */
export const operatorAction = z.discriminatedUnion('action', [
  z.strictObject({ action: z.enum(['pause', 'resume', 'retry-all']), subscription: name }),
  z.strictObject({ action: z.literal('delay'), subscription: name, ms: z.int().min(0).max(600_000) }),
  z.strictObject({ action: z.enum(['break', 'mend', 'rebuild', 'cancel-rebuild']), projection: name }),
  z.strictObject({ action: z.enum(['retry', 'discard']), ...address }),
]) satisfies z.ZodType<OperatorAction>;

export interface Operated {
  readonly app: Pick<App, 'describe' | 'operations'>;
  readonly faults: FaultSwitches;
}

/** What came of an action: `done`, or why there was nothing to do. */
export type ActionOutcome = 'done' | 'not-parked' | 'not-building' | 'unknown';

/** @throws DiptychError when the framework refuses it. */
export async function perform(action: OperatorAction, { app, faults }: Operated): Promise<ActionOutcome> {
  const { operations } = app;
  if ('projection' in action) return ofProjection(action, { app, faults });
  if ('position' in action) {
    // One that is no position of the journal is none of a parked message either.
    const { action: wish, ...head } = action as typeof action & ParkedAddress;
    return asked(await (wish === 'retry' ? operations.retry(head) : operations.discard(head)));
  }
  if (!operations.subscriptions.includes(action.subscription)) return 'unknown';
  switch (action.action) {
    case 'pause':
      operations.control(action.subscription).pause();
      return 'done';
    case 'resume':
      operations.control(action.subscription).resume();
      return 'done';
    case 'delay':
      operations.control(action.subscription).delay(action.ms);
      return 'done';
    case 'retry-all':
      return retryAll(operations, action.subscription);
  }
}

async function ofProjection(
  { action, projection }: Extract<OperatorAction, { readonly projection: string }>,
  { app, faults }: Operated,
): Promise<ActionOutcome> {
  if (!app.describe().readModels.some(({ name }) => name === projection)) return 'unknown';
  const { rebuilds } = app.operations;
  switch (action) {
    case 'break':
      faults.break(projection);
      return 'done';
    case 'mend':
      faults.mend(projection);
      return 'done';
    case 'rebuild':
      await rebuilds.start(projection);
      return 'done';
    case 'cancel-rebuild':
      return (await rebuilds.cancel(projection)) === 'cancelled' ? 'done' : 'not-building';
  }
}

const retriable: readonly ParkedState[] = ['held', 'delayed'];

/** Every head of the subscription; what waits behind them then runs by itself. */
async function retryAll(
  operations: Pick<Operations, 'parked' | 'retry'>,
  subscription: string,
): Promise<ActionOutcome> {
  const found = await Promise.all(retriable.map((state) => operations.parked({ subscription, state })));
  const answers = await Promise.all(found.flat().map((head) => operations.retry(head)));
  return answers.includes('requested') ? 'done' : 'not-parked';
}

function asked(answer: 'requested' | 'not-parked'): ActionOutcome {
  return answer === 'requested' ? 'done' : 'not-parked';
}
