import { createHash, randomUUID } from 'node:crypto';
import { murmur3, partitionOf } from '@diptych/core';
import mssql from 'mssql';
import type { Case } from '../harness/measure.js';
import type { Work } from '../harness/work.js';
import { bindRows, insertRows, orderNumber } from './orders.js';
import type { Ground } from './server.js';

const partitions = 32;
const weekInMs = 7 * 24 * 60 * 60 * 1_000;
const digestOf = (...parts: readonly string[]) => createHash('sha256').update(JSON.stringify(parts)).digest();

interface Order {
  readonly order: ReturnType<typeof orderNumber>;
  /** What is bound for the journal and the inbox, beside the order's own values. */
  bind(request: mssql.Request): mssql.Request;
  readonly mark: Buffer;
}

function journalRow(schema: string): string {
  return `
    IF EXISTS (SELECT 1 FROM [${schema}].[journal] WHERE stream = @stream) THROW 51001, 'It is there already.', 1;
    INSERT INTO [${schema}].[journal] (stream, first_version, last_version, partition, tenant, name, is_command, facts, data,
      first_index, event_count, bytes)
    VALUES (@stream, 1, 1, @partition, 'default', @name, 0, @facts, @data, 0, 1, LEN(@data));
    SELECT @rv = CAST(rv AS bigint) FROM [${schema}].[journal] WHERE stream = @stream AND first_version = 1;`;
}

const declared = `SET NOCOUNT ON; SET XACT_ABORT ON;
    DECLARE @rv bigint, @now bigint = DATEDIFF_BIG(millisecond, '1970-01-01', SYSUTCDATETIME());`;
const range = "CONCAT(@partition, ':', @rv, ':0:1;')";

/**
 * The same rows in the same tables, by the driver's own means, as somebody would write them who promises the same: that a
 * command of one id runs once, also when it comes twice at a time. So its mark is claimed before the handler's part; the
 * handler saves its rows by itself; its event and the rest of the mark follow, and the commit. It validates nothing, and
 * has no pipeline, no policy, no time-out.
 */
export function commandsByHand(work: Work, { pool, schema }: Ground, atOnce: number): Case {
  const claim = `SET NOCOUNT ON; SET XACT_ABORT ON; INSERT INTO [${schema}].[inbox] (mark) VALUES (@mark)`;
  const event = `${declared}
    ${journalRow(schema)}
    UPDATE [${schema}].[inbox] SET handler = 'command:bench.PlaceOrder', id = @command, fingerprint = @fingerprint,
      message_id = @command, outcome = @outcome, ranges = ${range}, forget_at = @now + @remember WHERE mark = @mark;
    SELECT @rv`;
  return together(work, 'by hand', atOnce, async ({ order, mark, bind }) => {
    const transaction = new mssql.Transaction(pool);
    await transaction.begin();
    await new mssql.Request(transaction).input('mark', mssql.VarBinary(32), mark).query(claim);
    await bindRows(new mssql.Request(transaction), order).query(insertRows(schema));
    await bind(new mssql.Request(transaction)).query(event);
    await transaction.commit();
  });
}

/**
 * The tightest there is, for comparison: no claim, so that a copy of a command does all its work before it fails; and the
 * handler's own statements in one text with all others, which no handler can be asked for.
 */
export function commandsInOneRequest(work: Work, { pool, schema }: Ground, atOnce: number): Case {
  const statements = `${declared}
    ${insertRows(schema)}
    ${journalRow(schema)}
    INSERT INTO [${schema}].[inbox] (mark, handler, id, fingerprint, message_id, outcome, ranges, forget_at)
    VALUES (@mark, 'command:bench.PlaceOrder', @command, @fingerprint, @command, @outcome, ${range}, @now + @remember);
    SELECT @rv`;
  return together(work, 'in one request', atOnce, async ({ order, bind }) => {
    const transaction = new mssql.Transaction(pool);
    await transaction.begin();
    await bind(bindRows(new mssql.Request(transaction), order)).query(statements);
    await transaction.commit();
  });
}

function together(work: Work, name: string, atOnce: number, place: (order: Order) => Promise<void>): Case {
  return {
    name,
    async call() {
      await Promise.all(Array.from({ length: atOnce }, () => place(nextOrder())));
      return work.handle();
    },
  };
}

// Orders of neither case meet those of another.
let next = 10_000_000;

function nextOrder(): Order {
  const order = orderNumber(++next);
  const [commandId, name] = [`place-${order.orderId}`, `order-${order.orderId}`];
  const data = JSON.stringify(order);
  const mark = digestOf('default', 'command:bench.PlaceOrder', '', commandId);
  return {
    order,
    mark,
    bind: (request) =>
      request
        .input('stream', mssql.VarBinary(32), digestOf('default', name))
        .input('partition', mssql.Int, partitionOf(name, partitions))
        .input('name', mssql.NVarChar(1_000), name)
        .input('facts', mssql.NVarChar(mssql.MAX), JSON.stringify(factsOf(commandId, data)))
        .input('data', mssql.NVarChar(mssql.MAX), data)
        .input('mark', mssql.VarBinary(32), mark)
        .input('command', mssql.NVarChar(1_000), commandId)
        .input('fingerprint', mssql.NVarChar(400), `${data.length}-${murmur3(data).toString(16)}`)
        .input('outcome', mssql.NVarChar(mssql.MAX), JSON.stringify({ kind: 'done', result: '"done"' }))
        .input('remember', mssql.BigInt, weekInMs),
  };
}

function factsOf(commandId: string, data: string) {
  return {
    shared: {
      correlationId: commandId,
      causationId: commandId,
      tenant: 'default',
      subject: { id: '', roles: [] },
      source: 'bench',
    },
    own: [[randomUUID(), 'bench.OrderPlaced', 1, new Date().toISOString(), data.length]],
  };
}
