import { randomUUID } from 'node:crypto';
import { murmur3, partitionOf, positionAt } from '@diptych/core';
import { type Durability, loadDriver, sqliteDatabase } from '@diptych/sqlite-adapters';
import type { Work } from '../harness/work.js';
import type { OpenCase } from './open-case.js';
import { insertLine, insertOrder, orderNumber, orderTables } from './order-tables.js';
import { temporaryFile } from './temporary-file.js';

const partitions = 32;
const weekInMs = 7 * 24 * 60 * 60 * 1_000;

/**
 * The same rows in the same tables, as somebody would write them who needs just this: the driver, prepared statements,
 * one transaction. It looks for the inbox mark and the head of the stream, as it must; it validates nothing, and has
 * no pipeline, no policy, no time-out.
 */
export async function commandByHand(work: Work, durability: Durability): Promise<OpenCase> {
  const path = temporaryFile();
  // Made by ours, so that tables and indexes are the same.
  await (await sqliteDatabase({ path, durability, migrations: orderTables })).close();
  const { DatabaseSync } = await loadDriver();
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA busy_timeout = 0; PRAGMA synchronous = ${durability}; PRAGMA cache_size = -32768;`);
  database.exec('PRAGMA wal_autocheckpoint = 16000');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');
  const findMark = database.prepare(
    'SELECT message_id, outcome, ranges FROM diptych_inbox WHERE id = ? AND handler = ? AND scope = ? AND tenant = ?',
  );
  const findHead = database.prepare(
    'SELECT version FROM diptych_journal WHERE stream = ? AND key = ? AND tenant = ? ORDER BY version DESC LIMIT 1',
  );
  const order = database.prepare(insertOrder);
  const line = database.prepare(insertLine);
  const journal = database.prepare(`
    INSERT INTO diptych_journal
      (partition, stream, version, key, tenant, id, name, schema_version, time, facts, data)
    VALUES (?, ?, 1, ?, 'default', ?, 'bench.OrderPlaced', 1, ?, ?, ?)`);
  const mark = database.prepare(`
    INSERT INTO diptych_inbox (id, handler, scope, tenant, fingerprint, message_id, outcome, ranges, forget_at)
    VALUES (?, 'command:bench.PlaceOrder', '', 'default', ?, ?, ?, ?, ?)`);

  let next = 0;
  const place = async () => {
    const data = orderNumber(++next);
    const { orderId, customer, total, product, quantity } = data;
    const commandId = `place-${orderId}`;
    const text = JSON.stringify(data);
    begin.run();
    if (findMark.get(commandId, 'command:bench.PlaceOrder', '', 'default') !== undefined)
      throw new Error('twice');
    order.run(orderId, customer, total);
    line.run(orderId, 1, product, quantity);
    const result = await work.handle();
    const stream = `order-${orderId}`;
    const hash = murmur3(`default\n${stream}`);
    if (findHead.get(hash, stream, 'default') !== undefined) throw new Error('twice');
    const facts = {
      correlationId: commandId,
      causationId: commandId,
      subject: { id: '', roles: [] },
      source: 'bench',
    };
    const partition = partitionOf(stream, partitions);
    const { lastInsertRowid } = journal.run(
      partition,
      hash,
      stream,
      randomUUID(),
      new Date().toISOString(),
      JSON.stringify(facts),
      text,
    );
    const position = positionAt(lastInsertRowid, 0);
    const ranges = [{ partition, first: position, last: position }];
    mark.run(
      commandId,
      `${text.length}-${murmur3(text).toString(16)}-${murmur3(`:${text}`).toString(16)}`,
      commandId,
      JSON.stringify({ kind: 'done', result: JSON.stringify(result) }),
      JSON.stringify(ranges),
      Date.now() + weekInMs,
    );
    commit.run();
    return { result, messageId: commandId, ranges };
  };
  return { name: 'by hand', call: place, close: () => database.close() };
}
