/**
 * What a server has lived through: its history has an id, and each write moves its offset on. A replica that takes over
 * goes on under another id, and knows the one before, up to where it had followed.
 */
export interface ServerHistory {
  readonly id: string;
  readonly offset: number;
  /** The history that it goes on from; `undefined` for none. */
  readonly from: { readonly id: string; readonly offset: number } | undefined;
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
  const from = second > 0 ? { id: fromId.slice(0, idLength), offset: second - 1 } : undefined;
  return { id: id.slice(0, idLength), offset, from };
}

export function isReplica(info: string): boolean {
  return fieldIn(info, 'role') === 'slave';
}

/** Whether a server has all that was written in that history up to that offset; `null` where that is not known. */
export function hasAll({ id, from }: ServerHistory, historyId: string, offset: number | null): boolean {
  return id === historyId || (from?.id === historyId && offset !== null && offset <= from.offset);
}

/** Of several servers, in any order. */
export function namesOf(servers: readonly { readonly id: string }[]): string {
  const ids = servers.map(({ id }) => id);
  return ids.sort().join(' ');
}

function fieldIn(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
}
