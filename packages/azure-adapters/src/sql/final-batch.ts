import { randomBytes } from 'node:crypto';
import {
  type AppendToStream,
  type CancelScheduled,
  type ExpectedVersion,
  type InboxMark,
  partitionOf,
  type ScheduleCommand,
  type SendCommand,
  type WriteBatch,
} from '@diptych/core';
import { type InboxId, markDigest } from './inbox.js';
import { encodeRow } from './journal-codec.js';
import { thrown } from './sql-errors.js';
import {
  big,
  bytes32,
  digest,
  indexedName,
  int,
  name,
  type SqlParameter,
  type SqlParameters,
  text,
} from './sql-parameters.js';
import { byCodeUnit, type SqlTables } from './sql-tables.js';

export interface FinalBatchOptions {
  readonly tables: SqlTables;
  readonly partitions: number;
  readonly now: string;
}

/** One call to the server. */
export interface SqlCall {
  readonly sql: string;
  readonly parameters: SqlParameters;
}

/** How a unit of work leaves the inbox: with a mark, in its claim's row where there is one, or as it was before. */
export interface InboxEnd {
  /** Whose row this transaction has put there. */
  readonly claim?: InboxId | undefined;
  readonly mark?: InboxMark | undefined;
}

type Entry = WriteBatch['entries'][number];

/** A call has 2,100 parameters at most, and plans of long texts take long to make. */
const entriesInCall = 100;

/** What a call of ours leaves in `@written` of each append: partition, row, index and count. */
export type WrittenText = string;

/** What an append looks at. `THROW` tells of a fault in `@m`, which names the entry by its number. */
const declared = '@v int = 0, @pt int, @pk nvarchar(1000), @head bigint = 0, @rv bigint, @m nvarchar(2000)';

/**
 * The final batch of a unit of work as calls: mostly one, more where there is much to write. The last one is to be
 * ended by its caller; `before` is what those before it have written.
 */
export class FinalBatch {
  readonly #options: FinalBatchOptions;

  constructor(options: FinalBatchOptions) {
    this.#options = options;
  }

  /** The entries in calls. The last takes the mark as well. */
  static split({ entries }: WriteBatch): readonly (readonly Entry[])[] {
    if (entries.length <= entriesInCall) return [entries];
    const calls: Entry[][] = [];
    for (let at = 0; at < entries.length; at += entriesInCall)
      calls.push(entries.slice(at, at + entriesInCall));
    return calls;
  }

  /**
   * @param firstIndex how many events and commands the calls before have written.
   * @param before what they left.
   * @param inbox what becomes of the inbox, with the last call.
   */
  call(entries: readonly Entry[], firstIndex: number, before: WrittenText, inbox: InboxEnd = {}): SqlCall {
    const call = new CallText(this.#options, firstIndex, before);
    for (const [number, entry] of entries.entries()) call.add(entry, number);
    const { claim, mark } = inbox;
    if (mark !== undefined) call.mark(mark, claim !== undefined);
    else if (claim !== undefined) call.unclaim(claim);
    return call.done();
  }
}

/** Of a stream that may be there already. */
type Expected = Exclude<ExpectedVersion, 'none'>;

/** An append whose parameters have the entry's number. */
interface BoundAppend {
  readonly number: number;
  readonly p: (name: 's' | 'p' | 'k' | 'c' | 't' | 'n' | 'f' | 'd') => string;
  readonly expectedVersion: Expected;
  readonly partitionKey: string | undefined;
}

/** What is known of a row besides its values, as T-SQL. */
interface NewRow {
  readonly count: string;
  readonly data: string;
  readonly partition: string;
  /** How it is found again. */
  readonly where: string;
  /** What else is taken of it then. */
  readonly place?: string;
}

class CallText {
  readonly #options: FinalBatchOptions;
  readonly #parts: string[] = [];
  readonly #parameters: Record<string, SqlParameter> = {};
  #index: number;
  #looksBack = false;

  constructor(options: FinalBatchOptions, firstIndex: number, before: WrittenText) {
    this.#options = options;
    this.#index = firstIndex;
    if (before !== '') this.#parameters.before = text(before);
  }

  add(entry: Entry, number: number): void {
    switch (entry.kind) {
      case 'append':
        if (entry.events.length > 0) this.#append(entry, number);
        return;
      case 'send':
        this.#send(entry, number);
        return;
      case 'schedule':
        this.#schedule(entry, number);
        return;
      case 'cancel':
        this.#cancel(entry, number);
    }
  }

  mark({ key, messageId, outcome, rememberForMs }: InboxMark, isClaimed: boolean): void {
    const { tables, now } = this.#options;
    Object.assign(this.#parameters, {
      mark: bytes32(markDigest(key)),
      handler: name(key.handler),
      key: name(key.id),
      fingerprint: indexedName(key.fingerprint),
      message: name(messageId),
      outcome: text(JSON.stringify(outcome)),
      remember: big(rememberForMs),
    });
    this.#parts.push(
      isClaimed
        ? `UPDATE ${tables.inbox} SET handler = @handler, id = @key, fingerprint = @fingerprint, message_id = @message,
  outcome = @outcome, ranges = @written, forget_at = ${now} + @remember WHERE mark = @mark AND outcome IS NULL;
IF @@ROWCOUNT = 0 THROW ${thrown.markGone}, 'The claim is gone.', 1;`
        : `INSERT INTO ${tables.inbox} (mark, handler, id, fingerprint, message_id, outcome, ranges, forget_at)
VALUES (@mark, @handler, @key, @fingerprint, @message, @outcome, @written, ${now} + @remember);`,
    );
  }

  /** Nothing is to be remembered: a claim that stayed would be taken for one that is still held. */
  unclaim(claim: InboxId): void {
    this.#parameters.claim = bytes32(markDigest(claim));
    this.#parts.push(`DELETE FROM ${this.#options.tables.inbox} WHERE mark = @claim AND outcome IS NULL;`);
  }

  done(): SqlCall {
    const written = `@written varchar(max) = ${this.#parameters.before === undefined ? "''" : '@before'}`;
    const variables = this.#looksBack ? `${written}, ${declared}` : written;
    return { sql: `DECLARE ${variables};\n${this.#parts.join('\n')}`, parameters: this.#parameters };
  }

  #append({ stream, expectedVersion, partitionKey, events }: AppendToStream, number: number): void {
    const { partitions } = this.#options;
    const { facts, data } = encodeRow(events);
    const p = this.#bind(number, {
      s: digest(stream.tenant, stream.name),
      p: int(partitionOf(partitionKey ?? stream.name, partitions)),
      k: this.#otherKey(stream.name, partitionKey),
      c: int(events.length),
      t: name(stream.tenant),
      n: name(stream.name),
      f: text(facts),
      d: text(data),
    });
    if (expectedVersion === 'none') this.#begin(number, p);
    else this.#goOn({ number, p, expectedVersion, partitionKey });
    this.#index += events.length;
  }

  /** The first row of a stream: where there is one already, the key refuses it. */
  #begin(number: number, p: BoundAppend['p']): void {
    this.#parts.push(
      this.#insert(
        number,
        `${p('s')}, 1, ${p('c')}, ${p('p')}, ${p('k')}, ${p('t')}, ${p('n')}, 0, ${p('f')}, ${p('d')}`,
        { count: p('c'), data: p('d'), partition: p('p'), where: `stream = ${p('s')} AND first_version = 1` },
      ),
    );
  }

  /** Behind the stream's last row, if it has one, and in the partition of that. */
  #goOn({ number, p, expectedVersion, partitionKey }: BoundAppend): void {
    const { journal } = this.#options.tables;
    const start = this.#looksBack ? '@v = 0, @head = 0, ' : '';
    this.#looksBack = true;
    this.#parts.push(
      `SELECT ${start}@pt = ${p('p')}, @pk = ${p('k')};
SELECT TOP (1) @v = last_version, @head = CAST(rv AS bigint), @pt = partition, @pk = partition_key
FROM ${journal} WHERE stream = ${p('s')} ORDER BY first_version DESC;`,
      this.#expect(expectedVersion, number),
      this.#sameKey(partitionKey, number),
      this.#insert(
        number,
        `${p('s')}, @v + 1, @v + ${p('c')}, @pt, @pk, ${p('t')}, ${p('n')}, 0, ${p('f')}, ${p('d')}`,
        {
          count: p('c'),
          data: p('d'),
          partition: '@pt',
          where: `stream = ${p('s')} AND first_version = @v + 1`,
          place: '@rv = CAST(rv AS bigint), ',
        },
      ),
      // On a server whose rowversions are not given in the order of inserts, the stream would be read out of order.
      `IF @rv < @head THROW ${thrown.outOfOrder}, '${number}', 1;`,
    );
  }

  #send({ key, command }: SendCommand, number: number): void {
    const { partitions } = this.#options;
    const { facts, data } = encodeRow([command]);
    const p = this.#bind(number, {
      s: bytes32(randomBytes(32)),
      p: int(partitionOf(key, partitions)),
      t: name(command.tenant),
      n: name(key),
      f: text(facts),
      d: text(data),
    });
    this.#parts.push(
      this.#insert(
        number,
        `${p('s')}, 1, 1, ${p('p')}, NULL, ${p('t')}, ${p('n')}, 1, ${p('f')}, ${p('d')}`,
        {
          count: '1',
          data: p('d'),
          where: `stream = ${p('s')} AND first_version = 1`,
          partition: p('p'),
        },
      ),
    );
    this.#index++;
  }

  #schedule({ key, command, due }: ScheduleCommand, number: number): void {
    const { tables, partitions, now } = this.#options;
    const p = this.#bind(number, {
      p: int(partitionOf(key, partitions)),
      u: big('inMs' in due ? due.inMs : Date.parse(due.at)),
      s: digest(command.tenant, command.id),
      n: name(key),
      d: text(JSON.stringify(command)),
    });
    const dueAt = 'inMs' in due ? `${now} + ${p('u')}` : p('u');
    this.#parts.push(
      `INSERT INTO ${tables.scheduled} (partition, due_at, message, name, command) VALUES (${p('p')}, ${dueAt}, ${p('s')}, ${p('n')}, ${p('d')});`,
    );
  }

  #cancel({ tenant, messageId }: CancelScheduled, number: number): void {
    const p = this.#bind(number, { s: digest(tenant, messageId) });
    this.#parts.push(`DELETE FROM ${this.#options.tables.scheduled} WHERE message = ${p('s')};`);
  }

  /** A row of the journal, and its place in `@written`. */
  #insert(number: number, values: string, { count, data, partition, where, place = '' }: NewRow): string {
    const { journal } = this.#options.tables;
    const index = `@i${number}`;
    this.#parameters[`i${number}`] = int(this.#index);
    return `INSERT INTO ${journal} (stream, first_version, last_version, partition, partition_key, tenant, name, is_command, facts, data, first_index, event_count, bytes)
VALUES (${values}, ${index}, ${count}, DATALENGTH(${data}) / 2);
SELECT ${place}@written = CONCAT(@written, ${partition}, ':', CAST(rv AS bigint), ':', ${index}, ':', ${count}, ';')
FROM ${journal} WHERE ${where};`;
  }

  #expect(expected: Expected, number: number): string {
    if (expected === 'any') return '';
    const conflict = `BEGIN SET @m = CONCAT('${number}:', @v); THROW ${thrown.wrongVersion}, @m, 1; END`;
    if (expected === 'exists') return `IF @v = 0 ${conflict}`;
    const p = this.#bind(number, { e: int(expected) });
    return `IF @v <> ${p('e')} ${conflict}`;
  }

  #sameKey(partitionKey: string | undefined, number: number): string {
    if (partitionKey === undefined) return '';
    const p = this.#bind(number, { g: name(partitionKey) });
    return `IF @v > 0 AND ISNULL(@pk, @n${number}) <> ${p('g')} ${byCodeUnit}
BEGIN SET @m = CONCAT('${number}:', ISNULL(@pk, @n${number})); THROW ${thrown.otherPartitionKey}, @m, 1; END`;
  }

  #otherKey(stream: string, partitionKey: string | undefined): SqlParameter {
    return partitionKey === undefined || partitionKey === stream
      ? { ...name(''), value: null }
      : name(partitionKey);
  }

  /** Gives an entry's parameters its number. */
  #bind<Names extends string>(number: number, values: Record<Names, SqlParameter>): (name: Names) => string {
    for (const [key, value] of Object.entries<SqlParameter>(values))
      this.#parameters[`${key}${number}`] = value;
    return (key) => `@${key}${number}`;
  }
}
