import type { CancelScheduled, ScheduleCommand, SendCommand } from '../unit-of-work/write-batch.js';

interface ScheduledRow extends SendCommand {
  readonly dueAt: number;
}

/** Commands that wait for their time, by partition, each list in the order they are due. */
export class MemorySchedule {
  readonly #partitions = new Map<number, ScheduledRow[]>();
  readonly #partitionOf: (key: string) => number;
  // Where a command waits, so that cancelling finds it: its message id is unique within a tenant.
  readonly #keys = new Map<string, string>();

  constructor(partitionOf: (key: string) => number) {
    this.#partitionOf = partitionOf;
  }

  add({ key, command, due }: ScheduleCommand, now: number): void {
    const dueAt = 'inMs' in due ? now + due.inMs : Date.parse(due.at);
    const rows = this.#rows(this.#partitionOf(key));
    rows.splice(firstAfter(rows, dueAt), 0, { kind: 'send', key, command, dueAt });
    this.#keys.set(idOf(command.tenant, command.id), key);
  }

  cancel({ tenant, messageId }: Pick<CancelScheduled, 'tenant' | 'messageId'>): void {
    const id = idOf(tenant, messageId);
    const key = this.#keys.get(id);
    if (key === undefined) return;
    this.#keys.delete(id);
    const rows = this.#rows(this.#partitionOf(key));
    const at = rows.findIndex(({ command }) => command.id === messageId && command.tenant === tenant);
    if (at >= 0) rows.splice(at, 1);
  }

  /** The first commands that are due, in order; they stay until `remove`. */
  due(partition: number, limit: number, now: number): readonly SendCommand[] {
    const rows = this.#rows(partition);
    return rows.slice(0, Math.min(limit, firstAfter(rows, now)));
  }

  remove(partition: number, commands: readonly SendCommand[]): void {
    this.#rows(partition).splice(0, commands.length);
    for (const { command } of commands) this.#keys.delete(idOf(command.tenant, command.id));
  }

  nextInMs(partition: number, now: number): number | undefined {
    const next = this.#rows(partition)[0];
    return next && Math.max(0, next.dueAt - now);
  }

  #rows(partition: number): ScheduledRow[] {
    const known = this.#partitions.get(partition);
    if (known !== undefined) return known;
    const made: ScheduledRow[] = [];
    this.#partitions.set(partition, made);
    return made;
  }
}

function idOf(tenant: string, messageId: string): string {
  return JSON.stringify([tenant, messageId]);
}

// Behind all that are due at that time or before: of two due at once, the one scheduled first comes first.
function firstAfter(rows: readonly ScheduledRow[], dueAt: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle] as ScheduledRow).dueAt <= dueAt) low = middle + 1;
    else high = middle;
  }
  return low;
}
