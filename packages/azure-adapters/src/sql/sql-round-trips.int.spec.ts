import diagnostics from 'node:diagnostics_channel';
import mssql from 'mssql';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendTo } from '../fixtures/sql-batches.js';
import { closeTestPool, notRun, type SqlGround, serverUrl, sqlGround } from '../fixtures/sql-server.js';

/** How often the server is asked while `work` runs: the driver tells of each request, and of its own transactions'. */
async function roundTrips(work: () => Promise<unknown>): Promise<readonly string[]> {
  const asked: string[] = [];
  const channels = ['query', 'batch', 'execute', 'bulk'].map((kind) => {
    const channel = diagnostics.channel(`tracing:mssql:${kind}:start`);
    const note = () => void asked.push(kind);
    channel.subscribe(note);
    return () => channel.unsubscribe(note);
  });
  await work();
  for (const unsubscribe of channels) unsubscribe();
  return asked;
}

describe.skipIf(serverUrl === undefined)(`round trips${serverUrl ? '' : `, not run: ${notRun}`}`, () => {
  let ground: SqlGround;
  beforeEach(async () => {
    ground = await sqlGround();
  });
  afterEach(() => ground.close());
  afterAll(closeTestPool);

  const key = { tenant: 'default', handler: 'command:test.Do', scope: '', id: 'c', fingerprint: 'f' };
  const mark = { key, messageId: 'm', outcome: { kind: 'done' as const }, rememberForMs: 60_000 };
  const timing = { timeLimitInMs: 60_000, waitInMs: 60_000 };

  test('an append is one, with its expected version, several streams, commands and a mark', async () => {
    const { writeStore } = ground.database;
    const plain = { entries: [appendTo('s', ['1'], 'none')] };
    expect(await roundTrips(() => writeStore.commit(plain))).toEqual(['query']);
    const full = { entries: [appendTo('s', ['2', '3'], 1), appendTo('t', ['4'], 'none')], mark };
    expect(await roundTrips(() => writeStore.commit(full))).toEqual(['query']);
  });

  test('a state-stored command is its beginning, the program’s statements, and one final batch', async () => {
    const { writeStore } = ground.database;
    const asked = await roundTrips(async () => {
      const transaction = await writeStore.begin(timing);
      await new mssql.Request(transaction.native).input('n', 1).query('SELECT @n AS own');
      await transaction.commit({ entries: [appendTo('s', ['1'])] });
    });
    expect(asked).toEqual(['batch', 'query', 'query']);
  });

  test('the claim of a command that may come twice takes none of its own', async () => {
    const { writeStore } = ground.database;
    const asked = await roundTrips(async () => {
      const claim = await writeStore.claim(key, timing);
      if (claim.state !== 'claimed') throw new Error('It must be free.');
      await claim.transaction.commit({ entries: [appendTo('s', ['1'])], mark });
    });
    expect(asked).toEqual(['batch', 'query']);
  });

  test('a copy of a settled command is two: the claim that fails, and what is remembered', async () => {
    const { writeStore } = ground.database;
    await writeStore.commit({ entries: [], mark });
    expect(await roundTrips(() => writeStore.claim(key, timing))).toEqual(['batch', 'query']);
  });

  test('all leases of a subscription are one, and all its checkpoints, and the reading of all its partitions', async () => {
    const { subscriptions, reader } = ground.database;
    const partitions = Array.from({ length: 8 }, (_, partition) => partition);
    const request = { subscription: 's', partitions, owner: 'one', leaseInMs: 1_000 };
    expect(await roundTrips(() => subscriptions.acquire(request))).toEqual(['query']);
    const { owned } = await subscriptions.acquire(request);
    const checkpoint = { position: '00000000000000010000' as never, entryId: 'e' };
    const moves = owned.map((ownership) => ({ ownership, checkpoint }));
    expect(await roundTrips(() => subscriptions.advance(moves))).toEqual(['query']);
    const from = partitions.map((partition) => ({ partition, after: undefined }));
    expect(await roundTrips(() => reader.read(from, { maxEvents: 100, maxBytes: 10_000 }))).toEqual([
      'query',
    ]);
  });
});
