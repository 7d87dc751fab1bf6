import {
  type Claim,
  type CommandOutcome,
  type InboxKey,
  type InboxMark,
  isDiptychError,
  type WriteStore,
  type WriteTransaction,
} from '@diptych/core';
import { expect } from 'vitest';
import { type ContractSuite, contract } from './contract.js';
import { append, dataOf, everything } from './contract-envelopes.js';
import type { WriteSideCapability, WriteSideFactory, WriteSideSubject } from './write-side-subject.js';

type Suite<Native> = ContractSuite<WriteSideSubject<Native>, WriteSideCapability>;

/** What the inbox of a `WriteStore` means: `claim`, marks in a batch, `findSettled`, `forgetSettled`. */
export function inboxContract<Native>(adapter: string, factory: WriteSideFactory<Native>): void {
  contract('inbox', adapter, factory, (suite) => {
    settling(suite);
    rollingBack(suite);
    waiting(suite);
    keys(suite);
    retention(suite);
  });
}

const timing = { waitInMs: 60_000, timeLimitInMs: 60_000 };
const conflict = { code: 'concurrency-conflict', retryable: true };

function keyOf(facts: Partial<InboxKey> = {}): InboxKey {
  return {
    tenant: 'default',
    handler: 'command:test.Do',
    scope: '',
    id: 'command-1',
    fingerprint: 'f',
    ...facts,
  };
}

function markOf(
  key: InboxKey,
  outcome: CommandOutcome = { kind: 'done', result: '{"n":1}' },
  rememberForMs = 3_600_000,
): InboxMark {
  return { key, messageId: `message of ${key.id}`, outcome, rememberForMs };
}

function claimed<Native>(claim: Claim<Native>): WriteTransaction<Native> {
  if (claim.state === 'claimed') return claim.transaction;
  throw new Error(`Expected a claim; it is settled: ${JSON.stringify(claim.command)}`);
}

async function handle(store: WriteStore, key: InboxKey, mark = markOf(key)): Promise<void> {
  await claimed(await store.claim(key, timing)).commit({
    entries: [append(`of ${key.id}`, 'any', ['1'])],
    mark,
  });
}

function settling<Native>({ test }: Suite<Native>): void {
  test('promise 4: storeThenExists: a copy gets the first outcome, with what it wrote', async ({
    writeStore,
  }) => {
    const key = keyOf();
    expect(await writeStore.findSettled(key)).toBeUndefined();
    const first = claimed(await writeStore.claim(key, timing));
    const { ranges } = await first.commit({ entries: [append('s', 'none', ['1'])], mark: markOf(key) });
    const command = {
      messageId: 'message of command-1',
      outcome: { kind: 'done', result: '{"n":1}' },
      ranges,
    };
    expect(ranges).toHaveLength(1);
    expect(await writeStore.claim(key, timing)).toEqual({ state: 'settled', command });
    expect(await writeStore.findSettled(key)).toEqual(command);
  });

  test('outcomes come back as they were: no result, unicode, a refusal with its details', async ({
    writeStore,
  }) => {
    const outcomes: CommandOutcome[] = [
      { kind: 'done' },
      { kind: 'done', result: JSON.stringify({ text: 'ä 日本 🧾 "\\' }) },
      {
        kind: 'refused',
        code: 'no-credit',
        message: 'Kein Kredit für „Ada“.',
        details: { left: 3, nested: ['ü', null] },
      },
    ];
    for (const [number, outcome] of outcomes.entries()) {
      const key = keyOf({ id: `command-${number}` });
      await handle(writeStore, key, markOf(key, outcome));
      expect((await writeStore.findSettled(key))?.outcome).toEqual(outcome);
    }
  });

  test('promise 4: secondInsertIsFalse: a mark for a key that is marked makes the batch conflict', async ({
    writeStore,
    reader,
  }) => {
    const key = keyOf();
    await handle(writeStore, key);
    const again = writeStore.commit({
      entries: [append('again', 'none', ['2'])],
      mark: markOf(key, { kind: 'done' }),
    });
    await expect(again).rejects.toMatchObject(conflict);
    expect(dataOf(await everything(reader))).toEqual(['1']);
    expect((await writeStore.findSettled(key))?.outcome).toEqual({ kind: 'done', result: '{"n":1}' });
  });

  test('promise 4: concurrentDuplicatesApplyOnce', async ({ writeStore, reader }) => {
    const copy = async () => {
      const claim = await writeStore.claim(keyOf(), timing);
      if (claim.state === 'claimed')
        await claim.transaction.commit({ entries: [append('s', 'any', ['1'])], mark: markOf(keyOf()) });
      return claim.state;
    };
    const states = await Promise.all(Array.from({ length: 8 }, copy));
    expect(states.filter((state) => state === 'claimed')).toHaveLength(1);
    expect(await everything(reader)).toHaveLength(1);
  });
}

function rollingBack<Native>({ test }: Suite<Native>): void {
  test('promise 1: failureRollsBackRow: a retry after a rollback is no duplicate', async ({
    writeStore,
    putRow,
    readRow,
  }) => {
    const first = claimed(await writeStore.claim(keyOf(), timing));
    await putRow(first.native, 'r', 'row');
    await first.rollback();
    expect(await writeStore.findSettled(keyOf())).toBeUndefined();
    expect(await readRow('r')).toBeUndefined();
    await handle(writeStore, keyOf());
  });

  test('promise 1: a conflict in the final batch rolls the claim back as well', async ({ writeStore }) => {
    const first = claimed(await writeStore.claim(keyOf(), timing));
    const failing = first.commit({ entries: [append('nobody', 'exists', ['1'])], mark: markOf(keyOf()) });
    await expect(failing).rejects.toMatchObject(conflict);
    expect(await writeStore.findSettled(keyOf())).toBeUndefined();
    await handle(writeStore, keyOf());
  });

  test('promise 8: deadOwnerReleased: a claim that nobody ends is free after its time limit, and its holder is too late', async (subject) => {
    const { writeStore, reader } = subject;
    const abandoned = claimed(await writeStore.claim(keyOf(), { ...timing, timeLimitInMs: 200 }));
    await subject.advanceTime(400);
    await handle(writeStore, keyOf());
    const late = await abandoned
      .commit({ entries: [append('late', 'none', ['late'])], mark: markOf(keyOf()) })
      .catch((error: unknown) => error);
    expect(isDiptychError(late, 'time-limit')).toBe(true);
    expect(dataOf(await everything(reader))).toEqual(['1']);
  });
}

function waiting<Native>({ test }: Suite<Native>): void {
  test('promise 4: lockHoldsSecond: a copy waits, and is settled when the first commits', async ({
    writeStore,
  }) => {
    const first = claimed(await writeStore.claim(keyOf(), timing));
    const second = writeStore.claim(keyOf(), timing);
    await first.commit({ entries: [], mark: markOf(keyOf()) });
    expect((await second).state).toBe('settled');
  });

  test('promise 4: lockHoldsSecond: a copy goes first when the one before rolls back', async ({
    writeStore,
  }) => {
    const first = claimed(await writeStore.claim(keyOf(), timing));
    const second = writeStore.claim(keyOf(), timing);
    await first.rollback();
    await claimed(await second).commit({ entries: [], mark: markOf(keyOf()) });
    expect((await writeStore.claim(keyOf(), timing)).state).toBe('settled');
  });

  test('waiting is bounded: command-in-progress, which may be tried again', async (subject) => {
    const { writeStore } = subject;
    const first = claimed(await writeStore.claim(keyOf(), timing));
    const second = writeStore.claim(keyOf(), { ...timing, waitInMs: 200 }).catch((error: unknown) => error);
    await subject.advanceTime(400);
    expect(await second).toMatchObject({ code: 'command-in-progress', retryable: true });
    await first.commit({ entries: [], mark: markOf(keyOf()) });
    expect((await writeStore.claim(keyOf(), timing)).state).toBe('settled');
  });
}

function keys<Native>({ test }: Suite<Native>): void {
  test('another payload under a key that was used is refused', async ({ writeStore }) => {
    await handle(writeStore, keyOf());
    const other = writeStore.claim(keyOf({ fingerprint: 'other' }), timing);
    await expect(other).rejects.toMatchObject({ code: 'idempotency-mismatch', retryable: false });
    expect((await writeStore.claim(keyOf(), timing)).state).toBe('settled');
  });

  test('sameIdTwoHandlersBothRun: handler, scope and tenant are part of the key', async ({ writeStore }) => {
    const keys = [
      keyOf(),
      keyOf({ handler: 'events:send-mail' }),
      keyOf({ scope: 'ada' }),
      keyOf({ tenant: 'other' }),
    ];
    for (const key of keys) await handle(writeStore, key);
    for (const key of keys) expect((await writeStore.claim(key, timing)).state).toBe('settled');
  });

  test('odd ids are ids like others, each its own', async ({ writeStore }) => {
    const ids = [
      'a',
      'A',
      'a ',
      'ä',
      'a\u0308',
      'a:b',
      'a/b',
      '["a"]',
      "'",
      '🧾',
      '__proto__',
      'x'.repeat(200),
    ];
    for (const id of ids) await handle(writeStore, keyOf({ id }));
    for (const id of ids)
      expect((await writeStore.findSettled(keyOf({ id })))?.messageId).toBe(`message of ${id}`);
  });
}

function retention<Native>({ test }: Suite<Native>): void {
  test('keptUntilThenPurged: marks stay for their time, by the store’s clock, and then go', async (subject) => {
    const { writeStore } = subject;
    const [short, long] = [keyOf({ id: 'short' }), keyOf({ id: 'long' })];
    await handle(writeStore, short, markOf(short, { kind: 'done' }, 2_000));
    await handle(writeStore, long);
    expect(await writeStore.forgetSettled(100)).toBe(0);
    await subject.advanceTime(2_500);
    expect(await writeStore.forgetSettled(100)).toBe(1);
    expect(await writeStore.findSettled(short)).toBeUndefined();
    expect(await writeStore.findSettled(long)).toBeDefined();
    await handle(writeStore, short);
  });

  test('cleaning up is bounded: at most as many marks as asked for', async (subject) => {
    const { writeStore } = subject;
    for (let number = 0; number < 5; number++) {
      const key = keyOf({ id: `command-${number}` });
      await handle(writeStore, key, markOf(key, { kind: 'done' }, 1));
    }
    await subject.advanceTime(50);
    expect([
      await writeStore.forgetSettled(3),
      await writeStore.forgetSettled(3),
      await writeStore.forgetSettled(3),
    ]).toEqual([3, 2, 0]);
  });
}
