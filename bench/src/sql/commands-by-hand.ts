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

/**
 * The same rows in the same tables, as somebody would write them who needs just this: the driver's transaction, one
 * request with all statements, its commit; three round trips, as ours has. It relies on unique keys for the inbox mark
 * and the head of the stream; it validates nothing, and has no pipeline, no policy, no time-out.
 */
export function commandsByHand(work: Work, { pool, schema }: Ground, atOnce: number): Case {
  const statements = `
    SET NOCOUNT ON; SET XACT_ABORT ON;
    ${insertRows(schema)}
    DECLARE @rv bigint, @now bigint = DATEDIFF_BIG(millisecond, '1970-01-01', SYSUTCDATETIME());
    IF EXISTS (SELECT 1 FROM [${schema}].[journal] WHERE stream = @stream) THROW 51001, 'It is there already.', 1;
    INSERT INTO [${schema}].[journal] (stream, first_version, last_version, partition, tenant, name, is_command, facts, data,
      first_index, event_count, bytes)
    VALUES (@stream, 1, 1, @partition, 'default', @name, 0, @facts, @data, 0, 1, LEN(@data));
    SELECT @rv = CAST(rv AS bigint) FROM [${schema}].[journal] WHERE stream = @stream AND first_version = 1;
    INSERT INTO [${schema}].[inbox] (mark, handler, id, fingerprint, message_id, outcome, ranges, forget_at)
    VALUES (@mark, 'command:bench.PlaceOrder', @command, @fingerprint, @command, @outcome,
      CONCAT(@partition, ':', @rv, ':0:1;'), @now + @remember);
    SELECT @rv`;
  let next = 10_000_000;
  const one = async () => {
    const order = orderNumber(++next);
    const [commandId, name] = [`place-${order.orderId}`, `order-${order.orderId}`];
    const data = JSON.stringify(order);
    const facts = {
      shared: {
        correlationId: commandId,
        causationId: commandId,
        tenant: 'default',
        subject: { id: '', roles: [] },
        source: 'bench',
      },
      own: [[randomUUID(), 'bench.OrderPlaced', 1, new Date().toISOString(), data.length]],
    };
    const transaction = new mssql.Transaction(pool);
    await transaction.begin();
    const request = bindRows(new mssql.Request(transaction), order)
      .input('stream', mssql.VarBinary(32), digestOf('default', name))
      .input('partition', mssql.Int, partitionOf(name, partitions))
      .input('name', mssql.NVarChar(1_000), name)
      .input('facts', mssql.NVarChar(mssql.MAX), JSON.stringify(facts))
      .input('data', mssql.NVarChar(mssql.MAX), data)
      .input('mark', mssql.VarBinary(32), digestOf('default', 'command:bench.PlaceOrder', '', commandId))
      .input('command', mssql.NVarChar(1_000), commandId)
      .input('fingerprint', mssql.NVarChar(400), `${data.length}-${murmur3(data).toString(16)}`)
      .input('outcome', mssql.NVarChar(mssql.MAX), JSON.stringify({ kind: 'done', result: '"done"' }))
      .input('remember', mssql.BigInt, weekInMs);
    await request.query(statements);
    await transaction.commit();
  };
  return {
    name: 'by hand',
    async call() {
      await Promise.all(Array.from({ length: atOnce }, one));
      return work.handle();
    },
  };
}
