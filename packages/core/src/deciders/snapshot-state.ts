import { ProgrammingError } from '../errors/programming-errors.js';
import type { SnapshotOptions } from './snapshot-options.js';

const looked = new WeakSet<object>();

/**
 * Looks once at each set of options, with the state that everything begins with: a mistake shows at the first
 * command, and not at the first snapshot.
 * @throws ProgrammingError `snapshot-options`, `snapshot-state`.
 */
export function checkSnapshots<State>(options: SnapshotOptions<State>, initialState: () => State): void {
  if (looked.has(options)) return;
  const { every = 1, name } = options;
  if (!Number.isInteger(every) || every < 1) {
    throw new ProgrammingError(
      'snapshot-options',
      `Snapshots '${name}' are taken every ${every} events; use 1, 2, 3 …`,
    );
  }
  assertSurvives(options, initialState());
  looked.add(options);
}

/** @throws ProgrammingError `snapshot-state` when the default encoding would lose something of the state. */
export function assertSurvives<State>({ name, encode }: SnapshotOptions<State>, state: State): void {
  if (encode !== undefined) return;
  const lost = lostIn(state, '');
  if (lost === undefined) return;
  throw new ProgrammingError(
    'snapshot-state',
    `Snapshots '${name}' would lose ${lost} of the state, which JSON cannot hold. Give \`encode\` and \`decode\`.`,
    { snapshots: name, lost },
  );
}

/** The place of the first thing that JSON does not give back as it was. */
function lostIn(value: unknown, path: string): string | undefined {
  const here = path === '' ? 'the whole' : `'${path}'`;
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean')
    return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : here;
  if (typeof value !== 'object') return here;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return here;
  for (const [key, inner] of Object.entries(value)) {
    const lost = lostIn(inner, path === '' ? key : `${path}.${key}`);
    if (lost !== undefined) return lost;
  }
  return undefined;
}
