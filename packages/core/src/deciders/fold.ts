import type { Event } from '../messages/message.js';
import { currentSession } from '../unit-of-work/current-session.js';
import type { LoadedStream, Session } from '../unit-of-work/session.js';
import type { SnapshotOptions } from './snapshot-options.js';
import { assertSurvives, checkSnapshots } from './snapshot-state.js';
import type { Snapshot } from './snapshot-store.js';

/** How a state comes from the events of a stream. */
export interface StateFold<State, E extends Event> {
  readonly initialState: () => State;
  /** The state after an event. Must not change the one before. */
  readonly evolve: (state: State, event: E) => State;
}

/** A state and how far in its stream it is; version 0 when the stream does not exist. */
export interface StreamState<State> {
  readonly state: State;
  readonly version: number;
}

const defaultEvery = 100;

/**
 * The state of a stream in the current session, with what the session appended itself.
 * @throws ProgrammingError `no-session` outside a unit of work; UnreadableMessageError for an event that cannot be read.
 */
export async function loadState<State, E extends Event>(
  fold: StateFold<State, E>,
  stream: string,
  snapshots?: SnapshotOptions<State>,
): Promise<StreamState<State>> {
  const session = currentSession();
  if (snapshots !== undefined) checkSnapshots(snapshots, fold.initialState);
  const snapshot = snapshots && (await findUsable(snapshots, session, stream));
  const loaded = await session.load(stream, { afterVersion: snapshot?.version ?? 0 });
  const start =
    snapshot === undefined ? fold.initialState() : decodeState(snapshots as SnapshotOptions<State>, snapshot);
  const state = (loaded.events as readonly E[]).reduce(fold.evolve, start);
  if (snapshots !== undefined) keepIfDue(snapshots, session, stream, loaded, state);
  return { state, version: loaded.version };
}

// A snapshot counts only while its stream holds the event that it ends with. That event is read along with those
// behind it, so the check costs no round trip.
async function findUsable<State>(
  { store, name, schemaVersion }: SnapshotOptions<State>,
  session: Session,
  stream: string,
): Promise<Snapshot | undefined> {
  const snapshot = await store.load({
    stream: { tenant: session.tenant, name: stream },
    name,
    schemaVersion,
  });
  if (snapshot === undefined) return undefined;
  const { recorded } = await session.load(stream, { afterVersion: snapshot.version - 1 });
  const last = recorded[0];
  return last?.version === snapshot.version && last.id === snapshot.eventId ? snapshot : undefined;
}

function decodeState<State>({ decode = JSON.parse }: SnapshotOptions<State>, { state }: Snapshot): State {
  return decode(state);
}

// Only what is stored goes into a snapshot: what the session appended itself may yet be rolled back. The text is
// made now, for a state may be changed by whoever gets it.
function keepIfDue<State>(
  snapshots: SnapshotOptions<State>,
  session: Session,
  stream: string,
  { recorded, version }: LoadedStream,
  state: State,
): void {
  const { store, name, schemaVersion, every = defaultEvery, encode = JSON.stringify } = snapshots;
  const last = recorded.at(-1);
  if (last === undefined || last.version !== version || recorded.length < every) return;
  assertSurvives(snapshots, state);
  const id = { tenant: session.tenant, name: stream };
  const snapshot = { stream: id, name, schemaVersion, version, eventId: last.id, state: encode(state) };
  session.afterCommit(() => store.save(snapshot));
}
