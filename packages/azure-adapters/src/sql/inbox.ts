import {
  type CommandOutcome,
  DiptychError,
  type InboxKey,
  restored,
  type SettledCommand,
} from '@diptych/core';
import type { SqlClient } from './sql-client.js';
import { bytes32, digestOf, int } from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';
import { rangesOf } from './written-ranges.js';

export type InboxId = Omit<InboxKey, 'fingerprint'>;

type MarkColumns = readonly [fingerprint: string, messageId: string, outcome: string, ranges: string];

/** What a message is remembered under. */
export function markDigest({ tenant, handler, scope, id }: InboxId): Buffer {
  return digestOf(tenant, handler, scope, id);
}

/** What is remembered of commands. */
export class SqlInbox {
  readonly #client: SqlClient;
  readonly #tables: SqlTables;

  constructor(client: SqlClient, tables: SqlTables) {
    this.#client = client;
    this.#tables = tables;
  }

  /** What is remembered under that name. Passes over claims, which others hold a lock on. */
  async find(key: InboxId): Promise<SettledCommand | undefined> {
    const row = await this.#row(key);
    return row && settledOf(row);
  }

  /** As `find`. @throws DiptychError `idempotency-mismatch` when the key was used with another payload. */
  async settled(key: InboxKey): Promise<SettledCommand | undefined> {
    const row = await this.#row(key);
    if (row === undefined || restored(row[0]) === key.fingerprint) return row && settledOf(row);
    throw new DiptychError({
      code: 'idempotency-mismatch',
      message: `'${key.id}' was used before, for another payload.`,
      details: { handler: key.handler, id: key.id },
    });
  }

  /**
   * The statement that claims a key. It is part of the batch that begins the transaction, and such a batch has no
   * parameters; a digest of 32 bytes, in hexadecimal digits, is the only value that is ever part of a text.
   * @param isAgain takes a claim away that is committed and holds nothing: a handler's own statement has ended its
   *   transaction. A claim that is held is locked, and waited for.
   */
  claimStatement(key: InboxId, isAgain: boolean): string {
    const { inbox } = this.#tables;
    const mark = `0x${markDigest(key).toString('hex')}`;
    const left = isAgain ? `DELETE FROM ${inbox} WHERE mark = ${mark} AND outcome IS NULL;\n` : '';
    return `${left}INSERT INTO ${inbox} (mark) VALUES (${mark});`;
  }

  /** Removes marks that are past their time. Returns how many. */
  async forget(limit: number): Promise<number> {
    const { inbox } = this.#tables;
    const rows = await this.#client.rows<[number]>(
      `DECLARE @now bigint = ${this.#client.now};
       DELETE FROM ${inbox} WHERE mark IN (SELECT TOP (@limit) mark FROM ${inbox} WHERE forget_at <= @now ORDER BY forget_at)
         AND forget_at <= @now;
       SELECT @@ROWCOUNT`,
      { limit: int(limit) },
    );
    return rows[0]![0];
  }

  async #row(key: InboxId): Promise<MarkColumns | undefined> {
    const rows = await this.#client.rows<MarkColumns>(
      `SELECT fingerprint, message_id, outcome, ranges FROM ${this.#tables.inbox} WITH (READPAST, READCOMMITTEDLOCK)
       WHERE mark = @mark AND outcome IS NOT NULL`,
      { mark: bytes32(markDigest(key)) },
    );
    return rows[0];
  }
}

function settledOf([, messageId, outcome, ranges]: MarkColumns): SettledCommand {
  return {
    messageId: restored(messageId),
    outcome: JSON.parse(outcome) as CommandOutcome,
    ranges: rangesOf(ranges),
  };
}
