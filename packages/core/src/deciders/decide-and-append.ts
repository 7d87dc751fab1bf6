import type { Event } from '../messages/message.js';
import { currentSession } from '../unit-of-work/current-session.js';
import type { AppendOptions } from '../unit-of-work/session.js';
import type { Decider } from './decider.js';
import { loadState, type StreamState } from './fold.js';
import type { SnapshotOptions } from './snapshot-options.js';

export interface DecideOptions<State> extends AppendOptions {
  readonly snapshots?: SnapshotOptions<State> | undefined;
}

/** What a decision led to. */
export interface Decided<State, E extends Event> extends StreamState<State> {
  readonly events: readonly E[];
}

/**
 * Loads a stream's state in the current session, decides, and appends the events at exactly that version.
 * @throws what `decide` throws; what `loadState` throws. A conflict is thrown by the commit.
 */
export async function decideAndAppend<State, C, E extends Event>(
  decider: Decider<State, C, E>,
  stream: string,
  command: C,
  { snapshots, ...appendOptions }: DecideOptions<State> = {},
): Promise<Decided<State, E>> {
  const { state, version } = await loadState(decider, stream, snapshots);
  const events = decider.decide(command, state);
  currentSession().append(stream, version, events, appendOptions);
  return { state: events.reduce(decider.evolve, state), version: version + events.length, events };
}
