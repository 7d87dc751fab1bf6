import { type Ownership, sleep, systemClock } from '@diptych/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { secondProcesses } from './fixtures/child-process.js';
import { eventNamed, keyNamed } from './fixtures/messages.js';
import { temporaryFile } from './fixtures/temporary-file.js';
import { type SqliteDatabase, sqliteDatabase } from './sqlite-database.js';

// Real processes and the machine's clock: what they wait for is asked for again and again, never slept through.
const processes = secondProcesses();
const unlimited = { maxEvents: 10_000, maxBytes: 10_000_000 };

describe('two processes on one file', () => {
  let path: string;
  beforeEach(() => {
    path = temporaryFile();
  });

  async function both(options: { readonly lockTimeoutInMs?: number } = {}) {
    const database = await sqliteDatabase({ path, ...options });
    const other = processes.start();
    await other.ask('open', { path });
    return { database, other };
  }

  test('make it at the same time: one makes it, both use it', async () => {
    const others = [processes.start(), processes.start(), processes.start()];
    const incarnations = await Promise.all(others.map((other) => other.ask('open', { path })));
    expect(new Set(incarnations).size).toBe(1);
  });

  test('promise 1: a writer waits for another process, and nothing else stands still meanwhile', async () => {
    const { database, other } = await both();
    await other.ask('hold', { timeLimitInMs: 10_000 });
    let isWritten = false;
    const writing = database.writeStore.commit({ entries: [eventNamed('s')] }).then(() => {
      isWritten = true;
    });
    for (let turns = 0; turns < 20; turns++) await sleep(systemClock, 5);
    expect(isWritten).toBe(false);
    expect((await database.reader.readAll(undefined, unlimited)).entries).toEqual([]);
    await other.ask('commitHeld', {});
    await writing;
    const { entries } = await database.reader.readAll(undefined, unlimited);
    expect(entries).toMatchObject([{ stream: 'held' }, { stream: 's' }]);
    await database.close();
  });

  test('waiting for another process is bounded, and the error names the file', async () => {
    const { database, other } = await both({ lockTimeoutInMs: 60 });
    await other.ask('hold', { timeLimitInMs: 10_000 });
    await expect(database.writeStore.commit({ entries: [eventNamed('s')] })).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
      message: expect.stringContaining(path),
    });
    await other.ask('commitHeld', {});
    await database.writeStore.commit({ entries: [eventNamed('s')] });
    await database.close();
  });

  test('promise 8: a process that is killed in a transaction leaves nothing of it, and holds nobody up', async () => {
    const { database, other } = await both();
    await other.ask('append', { stream: 'kept', times: 3 });
    await other.ask('hold', { timeLimitInMs: 10_000 });
    await other.kill();
    await database.writeStore.commit({ entries: [eventNamed('s')] });
    expect(await database.writeStore.loadStream({ tenant: 'default', name: 'kept' })).toHaveLength(3);
    expect(database.rows.get("SELECT 1 FROM sqlite_schema WHERE name = 'held'")).toBeUndefined();
    await database.close();
  });

  test('promise 2: twoEnginesSeeEachOther: what both write is one journal, the same for both', async () => {
    const { database, other } = await both();
    const ours = async () => {
      for (let n = 0; n < 50; n++) await database.writeStore.commit({ entries: [eventNamed('shared')] });
    };
    await Promise.all([ours(), other.ask('append', { stream: 'shared', times: 50 })]);
    const versions = (await database.writeStore.loadStream({ tenant: 'default', name: 'shared' })).map(
      ({ version }) => version,
    );
    expect(versions).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    const { entries } = await database.reader.readAll(undefined, unlimited);
    expect(await other.ask('read', {})).toEqual(entries);
    await database.close();
  });

  test('promise 4: a command that reaches both runs once', async () => {
    const { database, other } = await both();
    for (let round = 0; round < 10; round++) {
      const id = `command-${round}`;
      const here = async () => {
        const claim = await database.writeStore.claim(keyNamed(id), {
          waitInMs: 5_000,
          timeLimitInMs: 5_000,
        });
        if (claim.state === 'settled') return 'settled';
        const mark = {
          key: keyNamed(id),
          messageId: id,
          outcome: { kind: 'done' as const },
          rememberForMs: 60_000,
        };
        await claim.transaction.commit({ entries: [eventNamed('here')], mark });
        return 'handled';
      };
      const answers = await Promise.all([here(), other.ask('handle', { id, stream: 'there' })]);
      expect(answers.toSorted()).toEqual(['handled', 'settled']);
    }
    expect((await database.reader.readAll(undefined, unlimited)).entries).toHaveLength(10);
    await database.close();
  });

  test('takeoverInTime: a killed process’s partition is taken when its lease is over, not before', async () => {
    const { database, other } = await both();
    const theirs = await leaseOf(other.ask('acquire', { owner: 'other', leaseInMs: 2_000 }));
    await other.kill();
    expect(await tryToAcquire(database)).toBeUndefined();
    const ours = await untilAcquired(database);
    expect(ours.epoch).toBeGreaterThan(theirs.epoch);
    await database.close();
  });

  test('zombieCannotWrite: a process that was paused past its lease comes back and moves nothing', async () => {
    const { database, other } = await both();
    const theirs = await leaseOf(other.ask('acquire', { owner: 'other', leaseInMs: 200 }));
    other.pause();
    await untilAcquired(database);
    other.resume();
    expect(await other.ask('advance', { ownership: theirs, row: 9 })).toEqual(['fenced']);
    expect((await database.subscriptions.state('orders/v1'))[0]).toMatchObject({
      owner: 'this',
      checkpoint: undefined,
    });
    await database.close();
  });
});

async function leaseOf(answer: Promise<unknown>): Promise<Ownership> {
  const { owned } = (await answer) as { readonly owned: readonly Ownership[] };
  expect(owned).toHaveLength(1);
  return owned[0]!;
}

async function tryToAcquire({ subscriptions }: SqliteDatabase): Promise<Ownership | undefined> {
  const request = { subscription: 'orders/v1', partitions: [0], owner: 'this', leaseInMs: 60_000 };
  return (await subscriptions.acquire(request)).owned[0];
}

async function untilAcquired(database: SqliteDatabase): Promise<Ownership> {
  for (;;) {
    const ownership = await tryToAcquire(database);
    if (ownership !== undefined) return ownership;
    await sleep(systemClock, 10);
  }
}
