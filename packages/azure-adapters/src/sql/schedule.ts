import { type Envelope, restored, type SendCommand } from '@diptych/core';
import { ask } from './sql-answer.js';
import type { SqlClient } from './sql-client.js';
import { decisive, storeError } from './sql-errors.js';
import { int } from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';
import type { SqlTransaction } from './sql-transaction.js';

/** Commands that wait for their time. */
export class SqlSchedule {
  readonly #client: SqlClient;
  readonly #tables: SqlTables;

  constructor(client: SqlClient, tables: SqlTables) {
    this.#client = client;
    this.#tables = tables;
  }

  /** How long until the next one of a partition is due: 0 when it is, `undefined` when there is none. */
  async nextDueInMs(partition: number): Promise<number | undefined> {
    const rows = await this.#client.rows<[string | null]>(
      `SELECT MIN(due_at) - ${this.#client.now} FROM ${this.#tables.scheduled} WHERE partition = @partition`,
      { partition: int(partition) },
    );
    const [left] = rows[0] ?? [null];
    return left === null ? undefined : Math.max(0, Number(left));
  }

  /** Takes the commands of a partition that are due out of the table, in the order they are due. */
  async takeDue(
    transaction: SqlTransaction,
    partition: number,
    limit: number,
  ): Promise<readonly SendCommand[]> {
    const { scheduled } = this.#tables;
    // The condition stands outside as well: another mover may have taken what the inner query saw.
    const { sets, errors } = await ask(
      transaction,
      `DECLARE @now bigint = ${this.#client.now};
       DELETE FROM ${scheduled} OUTPUT deleted.due_at, deleted.place, deleted.name, deleted.command
       WHERE place IN (SELECT TOP (@limit) place FROM ${scheduled}
           WHERE partition = @partition AND due_at <= @now ORDER BY due_at, place)
         AND partition = @partition AND due_at <= @now`,
      { partition: int(partition), limit: int(limit) },
    );
    const error = decisive(errors);
    if (error !== undefined) throw storeError(error);
    const rows = (sets[0] ?? []) as unknown as readonly [string, string, string, string][];
    return rows.toSorted(byDue).map(([, , name, command]) => ({
      kind: 'send',
      key: restored(name),
      command: JSON.parse(command) as Envelope,
    }));
  }
}

type DueColumns = readonly [dueAt: string, place: string, ...unknown[]];

function byDue(one: DueColumns, other: DueColumns): number {
  return Number(one[0]) - Number(other[0]) || Number(one[1]) - Number(other[1]);
}
