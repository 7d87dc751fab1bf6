import {
  type Acquired,
  type AcquireRequest,
  type Checkpoint,
  type Discarded,
  type FencedOr,
  type NewParkedMessage,
  type OwnedPartition,
  type Ownership,
  type ParkedAddress,
  type ParkedFailure,
  type ParkedMessage,
  type ParkedQuery,
  type PartitionState,
  type Position,
  restored,
  type SeizeRequest,
  type SubscriptionStore,
} from '@diptych/core';
import {
  delayOf,
  failHead,
  keyParameters,
  listStatement,
  ofHead,
  type ParkedColumns,
  parkedColumns,
  parkedMessage,
  parkStatement,
  takeHead,
} from './parking.js';
import type { SqlClient } from './sql-client.js';
import {
  checkpointOf,
  ofOwner,
  ownership,
  type PartitionColumns,
  partitionColumns,
  SqlLeases,
} from './sql-leases.js';
import { indexedName, int, name, position, type SqlParameter, text } from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';

/** Of one call: eight parameters each, and plans of long texts take long to make. */
const parkedInCall = 50;
const movesInCall = 100;

/** Checkpoints, leases, epochs and parked messages in a SQL Server database. */
export class SqlSubscriptionStore implements SubscriptionStore {
  readonly #client: SqlClient;
  readonly #tables: SqlTables;
  readonly #leases: SqlLeases;
  readonly #listeners = new Set<(subscription: string) => void>();

  constructor(client: SqlClient, tables: SqlTables) {
    this.#client = client;
    this.#tables = tables;
    this.#leases = new SqlLeases(client, tables);
  }

  acquire(request: AcquireRequest): Promise<Acquired> {
    return this.#leases.acquire(request);
  }

  seize(request: SeizeRequest): Promise<OwnedPartition> {
    return this.#leases.seize(request);
  }

  async release(owned: readonly Ownership[]): Promise<void> {
    const released = await Promise.all(owned.map((one) => this.#leases.release(one)));
    for (const subscription of new Set(owned.filter((_, at) => released[at]).map((one) => one.subscription)))
      this.#changed(subscription);
  }

  async advance(
    moves: readonly { readonly ownership: Ownership; readonly checkpoint: Checkpoint }[],
  ): Promise<readonly FencedOr<'advanced'>[]> {
    const answers: FencedOr<'advanced'>[] = [];
    for (let at = 0; at < moves.length; at += movesInCall)
      answers.push(...(await this.#advance(moves.slice(at, at + movesInCall))));
    const moved = moves.filter((_, index) => answers[index] === 'advanced');
    for (const subscription of new Set(moved.map((move) => move.ownership.subscription)))
      this.#changed(subscription);
    return answers;
  }

  rewind(owner: Ownership, checkpoint: Checkpoint | undefined): Promise<FencedOr<'rewound'>> {
    const { subscriptions } = this.#tables;
    const [to, movedAt] = checkpoint === undefined ? ['NULL', 'NULL'] : ['@at', '@now'];
    return this.#write(
      owner,
      `UPDATE ${subscriptions} SET position = ${to}, entry_id = @id, evidence = @ev, moved_at = ${movedAt} WHERE ${ofOwner};
       SET @answer = 'rewound';`,
      {
        id: checkpoint === undefined ? text(null) : name(checkpoint.entryId),
        ev: text(checkpoint?.evidence ?? null),
        ...(checkpoint !== undefined && { at: position(checkpoint.position) }),
      },
    );
  }

  async park(owner: Ownership, messages: readonly NewParkedMessage[]): Promise<FencedOr<'parked'>> {
    let answer: FencedOr<'parked'> = 'parked';
    for (let at = 0; at < messages.length && answer === 'parked'; at += parkedInCall) {
      const statements = messages
        .slice(at, at + parkedInCall)
        .map((message, number) => parkStatement(this.#tables, message, number));
      answer = await this.#write(
        owner,
        `DECLARE @isHead bit; ${statements.map(({ sql }) => sql).join('')} SET @answer = 'parked';`,
        Object.assign({}, ...statements.map(({ parameters }) => parameters)),
      );
    }
    return answer;
  }

  async gatedKeys(owner: Ownership): Promise<FencedOr<ReadonlySet<string>>> {
    const { subscriptions } = this.#tables;
    const sets = await this.#client.run(
      `SELECT p.parked_key ${this.#ownHeads};
       SELECT COUNT(*) FROM ${subscriptions} WHERE ${ofOwner};`,
      ownership(owner),
    );
    // Looked at afterwards: whoever lost it in between may have seen too few.
    const [owns] = sets[1]![0] as [number];
    if (owns === 0) return 'fenced';
    return new Set((sets[0] as unknown as readonly [string][]).map(([key]) => key));
  }

  async ready(owner: Ownership, limit: number): Promise<readonly ParkedMessage[]> {
    return this.#parked(
      `SELECT TOP (@limit) ${parkedColumns} ${this.#ownHeads}
         AND (p.wish IS NOT NULL OR p.is_free = 1 OR p.due_at <= @now) ORDER BY p.position;`,
      { ...ownership(owner), limit: int(limit) },
    );
  }

  async nextDueInMs(owner: Ownership): Promise<number | undefined> {
    const rows = await this.#client.rows<[string | null]>(
      `SELECT MIN(p.due_at) - ${this.#client.now} ${this.#ownHeads} AND p.wish IS NULL AND p.is_free = 0`,
      ownership(owner),
    );
    const [left] = rows[0] ?? [null];
    return left === null ? undefined : Math.max(0, Number(left));
  }

  settleParked(owner: Ownership, key: string, at: Position): Promise<FencedOr<'settled' | 'gate-lifted'>> {
    return this.#write(owner, takeHead(this.#tables), keyParameters(key, at));
  }

  discardParked(owner: Ownership, key: string, at: Position): Promise<FencedOr<'settled' | 'gate-lifted'>> {
    const { discarded } = this.#tables;
    return this.#write(
      owner,
      `IF NOT EXISTS (SELECT 1 FROM ${discarded} WHERE subscription = @subscription AND key_id = @keyId AND position = @position)
         INSERT INTO ${discarded} (subscription, partition, key_id, position, parked_key)
         VALUES (@subscription, @partition, @keyId, @position, @key);
       ${takeHead(this.#tables)}`,
      { ...keyParameters(key, at), key: text(key) },
    );
  }

  failParked(
    owner: Ownership,
    key: string,
    at: Position,
    failure: ParkedFailure,
  ): Promise<FencedOr<'parked'>> {
    return this.#write(owner, failHead(this.#tables), {
      ...keyParameters(key, at),
      failure: text(JSON.stringify(failure)),
      delay: delayOf(failure),
    });
  }

  async discarded(subscription: string): Promise<readonly Discarded[]> {
    const rows = await this.#client.rows<[number, string, string]>(
      `SELECT partition, parked_key, position FROM ${this.#tables.discarded}
       WHERE subscription = @subscription ORDER BY place`,
      { subscription: indexedName(subscription) },
    );
    return rows.map(([partition, key, at]) => ({ partition, key, position: at as Position }));
  }

  async state(subscription: string, partitions?: readonly number[]): Promise<readonly PartitionState[]> {
    const { subscriptions, parked } = this.#tables;
    const sets = await this.#client.run(
      `SELECT ${this.#client.now};
       SELECT ${partitionColumns}, (SELECT COUNT(*) FROM ${parked} AS p
           WHERE p.subscription = s.subscription AND p.partition = s.partition AND p.is_head = 1)
       FROM ${subscriptions} AS s WHERE subscription = @subscription AND (epoch > 0 OR position IS NOT NULL)
         ${partitions === undefined ? '' : 'AND partition IN (SELECT CAST(value AS int) FROM OPENJSON(@partitions))'}
       ORDER BY partition;`,
      {
        subscription: indexedName(subscription),
        ...(partitions !== undefined && { partitions: text(JSON.stringify(partitions)) }),
      },
    );
    const now = Number(sets[0]![0]![0]);
    return (sets[1] as unknown as readonly [...PartitionColumns, number][]).map((row) => {
      const [partition, owner, epoch, leaseUntil, , , movedAt, , parkedKeys] = row;
      return {
        partition,
        owner: owner === null || Number(leaseUntil) <= now ? undefined : restored(owner),
        epoch,
        checkpoint: checkpointOf(row as unknown as PartitionColumns),
        checkpointAgeInMs: movedAt === null ? undefined : now - Number(movedAt),
        parkedKeys,
      };
    });
  }

  listParked(query: ParkedQuery): Promise<readonly ParkedMessage[]> {
    const { sql, parameters } = listStatement(this.#tables, query);
    return this.#parked(sql, parameters);
  }

  requestRetry(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#wish(at, 'retry');
  }

  requestDiscard(at: ParkedAddress): Promise<'requested' | 'not-parked'> {
    return this.#wish(at, 'discard');
  }

  async forget(subscription: string, { discardsToo = false } = {}): Promise<void> {
    const { subscriptions, owners, parked, discarded } = this.#tables;
    const tables = [subscriptions, owners, parked, ...(discardsToo ? [discarded] : [])];
    const deletions = tables.map((table) => `DELETE FROM ${table} WHERE subscription = @subscription;`);
    await this.#client.run(`BEGIN TRANSACTION; ${deletions.join(' ')} COMMIT;`, {
      subscription: indexedName(subscription),
    });
    this.#changed(subscription);
  }

  onChange(listener: (subscription: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Heads of a partition, while the ownership is the present one. */
  get #ownHeads(): string {
    const { parked, subscriptions } = this.#tables;
    return `FROM ${parked} AS p JOIN ${subscriptions} AS s ON s.subscription = p.subscription AND s.partition = p.partition
      WHERE s.subscription = @subscription AND s.partition = @partition AND s.owner = @owner AND s.epoch = @epoch
        AND p.is_head = 1`;
  }

  async #parked(
    sql: string,
    parameters: Record<string, SqlParameter> | ReturnType<typeof ownership>,
  ): Promise<readonly ParkedMessage[]> {
    const sets = await this.#client.run(
      `DECLARE @now bigint = ${this.#client.now}; SELECT @now; ${sql}`,
      parameters,
    );
    const now = Number(sets[0]![0]![0]);
    return ((sets[1] ?? []) as unknown as readonly ParkedColumns[]).map((row) => parkedMessage(row, now));
  }

  /** One statement for each move, forward only; then whose partition it is, for those that were not moved. */
  async #advance(
    moves: readonly { readonly ownership: Ownership; readonly checkpoint: Checkpoint }[],
  ): Promise<readonly FencedOr<'advanced'>[]> {
    const { subscriptions } = this.#tables;
    const parameters: Record<string, SqlParameter> = {};
    const statements = moves.map(({ ownership: of, checkpoint }, n) => {
      Object.assign(parameters, {
        [`s${n}`]: indexedName(of.subscription),
        [`p${n}`]: int(of.partition),
        [`o${n}`]: indexedName(of.owner),
        [`e${n}`]: int(of.epoch),
        [`at${n}`]: position(checkpoint.position),
        [`id${n}`]: name(checkpoint.entryId),
        [`ev${n}`]: text(checkpoint.evidence ?? null),
      });
      const owned = `subscription = @s${n} AND partition = @p${n} AND owner = @o${n} AND epoch = @e${n}`;
      return `
        UPDATE ${subscriptions} SET position = @at${n}, entry_id = @id${n}, evidence = @ev${n},
          moved_at = CASE WHEN position = @at${n} THEN moved_at ELSE @now END
        WHERE ${owned} AND (position IS NULL OR position <= @at${n});
        SET @moved = @@ROWCOUNT;
        -- Not moved: it is as far already, or another's.
        IF @moved = 0 SELECT @moved = COUNT(*) FROM ${subscriptions} WHERE ${owned};
        SET @answer = CONCAT(@answer, @moved);`;
    });
    const rows = await this.#client.rows<[string]>(
      `DECLARE @now bigint = ${this.#client.now}, @moved int, @answer varchar(200) = '';${statements.join('')}
       SELECT @answer;`,
      parameters,
    );
    return [...rows[0]![0]].map((moved) => (moved === '1' ? 'advanced' : 'fenced'));
  }

  async #wish(at: ParkedAddress, wish: 'retry' | 'discard'): Promise<'requested' | 'not-parked'> {
    const rows = await this.#client.rows<[number]>(
      `UPDATE ${this.#tables.parked} SET wish = '${wish}' WHERE ${ofHead} AND wish IS NULL; SELECT @@ROWCOUNT;`,
      {
        ...keyParameters(at.key, at.position),
        subscription: indexedName(at.subscription),
        partition: int(at.partition),
      },
    );
    if (rows[0]![0] === 0) return 'not-parked';
    this.#changed(at.subscription);
    return 'requested';
  }

  /**
   * In one transaction: is it still the owner's, and then the write. The owner's row is written first, unchanged, so
   * that a new owner waits for the end: every server keeps others from a row that was written.
   */
  async #write<Answer extends string>(
    owner: Ownership,
    sql: string,
    parameters: Readonly<Record<string, SqlParameter>>,
  ): Promise<FencedOr<Answer>> {
    const { subscriptions } = this.#tables;
    const rows = await this.#client.rows<[string]>(
      `DECLARE @now bigint = ${this.#client.now}, @answer varchar(20);
       BEGIN TRANSACTION;
       UPDATE ${subscriptions} SET epoch = epoch WHERE ${ofOwner};
       IF @@ROWCOUNT = 0 SET @answer = 'fenced';
       ELSE BEGIN ${sql} END
       COMMIT;
       SELECT @answer;`,
      { ...parameters, ...ownership(owner) },
    );
    const answer = rows[0]![0] as FencedOr<Answer>;
    if (answer !== 'fenced') this.#changed(owner.subscription);
    return answer;
  }

  #changed(subscription: string): void {
    for (const listener of this.#listeners) listener(subscription);
  }
}
