/**
 * What a server has lived through: its history has an id, and each write moves its offset on. A replica that takes over
 * goes on under another id, and knows the one before, up to where it had followed.
 */
export interface ServerHistory {
  readonly id: string;
  readonly offset: number;
  /** The histories that it goes on from, and up to where it has them. */
  readonly before: readonly { readonly id: string; readonly offset: number }[];
}

/** Enough of an id to tell histories apart. */
const idLength = 16;

/** Of what `INFO replication` says; `undefined` where it says nothing of histories. */
export function historyIn(info: string): ServerHistory | undefined {
  const id = fieldIn(info, 'master_replid');
  const offset = Number(fieldIn(info, 'master_repl_offset'));
  if (id === undefined || Number.isNaN(offset)) return undefined;
  const second = Number(fieldIn(info, 'second_repl_offset') ?? -1);
  const fromId = fieldIn(info, 'master_replid2') ?? '';
  // The second offset is the first one that is not of the history before.
  const before = second > 0 ? [{ id: fromId.slice(0, idLength), offset: second - 1 }] : [];
  return { id: id.slice(0, idLength), offset, before };
}

/** A server tells only of the history right before its own. What that one went on from is known from earlier. */
export function withEarlier(history: ServerHistory, earlier: readonly ServerHistory[]): ServerHistory {
  const [last] = history.before;
  const known = earlier.find(({ id }) => id === last?.id);
  if (last === undefined || known === undefined) return history;
  const older = known.before.map(({ id, offset }) => ({ id, offset: Math.min(offset, last.offset) }));
  return { ...history, before: [last, ...older].slice(0, mostBefore) };
}

const mostBefore = 20;

export function isReplica(info: string): boolean {
  return fieldIn(info, 'role') === 'slave';
}

/** Whether a server has all that was written in that history up to that offset; `null` where that is not known. */
export function hasAll({ id, before }: ServerHistory, historyId: string, offset: number | null): boolean {
  if (id === historyId) return true;
  return offset !== null && before.some((one) => one.id === historyId && offset <= one.offset);
}

/** Of several servers, in any order. */
export function namesOf(servers: readonly { readonly id: string }[]): string {
  const ids = servers.map(({ id }) => id);
  return ids.sort().join(' ');
}

function fieldIn(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
}
