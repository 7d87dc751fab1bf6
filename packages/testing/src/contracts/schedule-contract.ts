import { type JournalReader, type MovedDue, partitionOf, type WriteStore } from '@diptych/core';
import { expect } from 'vitest';
import { type ContractSuite, contract } from './contract.js';
import { append, dataOf, everything, nameIn, schedule } from './contract-envelopes.js';
import type { WriteSideCapability, WriteSideFactory, WriteSideSubject } from './write-side-subject.js';

type Suite<Native> = ContractSuite<WriteSideSubject<Native>, WriteSideCapability>;

/** What a `WriteStore` does with scheduled commands: `schedule` and `cancel` in a batch, and `moveDue`. */
export function scheduleContract<Native>(adapter: string, factory: WriteSideFactory<Native>): void {
  contract('scheduled commands', adapter, factory, (suite) => {
    waitingForTheirTime(suite);
    inOrder(suite);
    cancelling(suite);
    together(suite);
  });
}

// The suites schedule in this partition, except where they need another one.
const here = 2;

async function keyIn(reader: JournalReader, partition = here): Promise<string> {
  const { partitions } = await reader.info();
  return nameIn(partition, (key) => partitionOf(key, partitions), 'key');
}

async function moveAll(store: WriteStore, partition = here): Promise<MovedDue> {
  return store.moveDue(partition, 1_000);
}

const soon = { inMs: 50 };
const later = { inMs: 600_000 };
const past = { at: '2000-01-01T00:00:00.000Z' };

function waitingForTheirTime<Native>({ test }: Suite<Native>): void {
  test('scheduledWaits: nothing is journalled before it is due, and the wait is told', async ({
    writeStore,
    reader,
  }) => {
    await writeStore.commit({ entries: [schedule(await keyIn(reader), later)] });
    const { moved, nextInMs } = await moveAll(writeStore);
    expect(moved).toBe(0);
    expect(nextInMs).toBeGreaterThan(500_000);
    expect(nextInMs).toBeLessThanOrEqual(600_000);
    expect(await everything(reader)).toEqual([]);
  });

  test('a due command is moved into the journal, as it was sent, in its key’s partition', async (subject) => {
    const { writeStore, reader } = subject;
    const key = await keyIn(reader);
    const entry = schedule(key, soon, {
      tenant: 'zürich',
      data: '"日本"',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    await writeStore.commit({ entries: [entry] });
    await subject.advanceTime(100);
    expect(await moveAll(writeStore)).toEqual({ moved: 1, nextInMs: undefined });
    const [moved, ...more] = await everything(reader);
    expect(moved).toEqual({ ...entry.command, key, partition: here, position: moved?.position });
    expect(more).toEqual([]);
  });

  test('neverBeforeDue: one that is not due stays behind those that are', async (subject) => {
    const { writeStore, reader } = subject;
    const key = await keyIn(reader);
    await writeStore.commit({
      entries: [schedule(key, later, { data: '"later"' }), schedule(key, soon, { data: '"soon"' })],
    });
    await subject.advanceTime(100);
    const { moved, nextInMs } = await moveAll(writeStore);
    expect([moved, dataOf(await everything(reader))]).toEqual([1, ['"soon"']]);
    expect(nextInMs).toBeGreaterThan(0);
  });

  test('pastIsNow: a time that is over is due at once', async ({ writeStore, reader }) => {
    const key = await keyIn(reader);
    await writeStore.commit({
      entries: [
        schedule(key, past),
        schedule(key, { inMs: 0 }),
        schedule(key, { inMs: -5 }),
        schedule(key, { at: '2999-01-01T00:00:00.000Z' }),
      ],
    });
    expect((await moveAll(writeStore)).moved).toBe(3);
  });
}

function inOrder<Native>({ test }: Suite<Native>): void {
  test('dueOrder: by the time they are due; of two at the same time, the one scheduled first', async (subject) => {
    const { writeStore, reader } = subject;
    const key = await keyIn(reader);
    const at = (second: number) => ({ at: `2001-01-01T00:00:0${second}.000Z` });
    await writeStore.commit({
      entries: [
        schedule(key, at(3), { data: '5' }),
        schedule(key, at(1), { data: '1' }),
        schedule(key, at(2), { data: '3' }),
      ],
    });
    await writeStore.commit({
      entries: [schedule(key, at(1), { data: '2' }), schedule(key, at(2), { data: '4' })],
    });
    await moveAll(writeStore);
    expect(dataOf(await everything(reader))).toEqual(['1', '2', '3', '4', '5']);
  });

  test('a bounded number is moved at once, and what is left is due now', async ({ writeStore, reader }) => {
    const key = await keyIn(reader);
    await writeStore.commit({
      entries: Array.from({ length: 5 }, (_, number) => schedule(key, past, { data: String(number) })),
    });
    expect(await writeStore.moveDue(here, 2)).toEqual({ moved: 2, nextInMs: 0 });
    expect(await writeStore.moveDue(here, 2)).toEqual({ moved: 2, nextInMs: 0 });
    expect(await writeStore.moveDue(here, 2)).toEqual({ moved: 1, nextInMs: undefined });
    expect(dataOf(await everything(reader))).toEqual(['0', '1', '2', '3', '4']);
  });

  test('oneClaimer: movers at the same time move each command once', async ({ writeStore, reader }) => {
    const key = await keyIn(reader);
    await writeStore.commit({
      entries: Array.from({ length: 40 }, (_, number) => schedule(key, past, { data: String(number) })),
    });
    const movers = await Promise.all(Array.from({ length: 4 }, () => writeStore.moveDue(here, 15)));
    let total = movers.reduce((sum, { moved }) => sum + moved, 0);
    total += (await moveAll(writeStore)).moved;
    expect(total).toBe(40);
    expect(new Set((await everything(reader)).map(({ id }) => id)).size).toBe(40);
  });

  test('a partition’s mover leaves other partitions alone', async ({ writeStore, reader }) => {
    await writeStore.commit({
      entries: [schedule(await keyIn(reader, 0), past), schedule(await keyIn(reader, 1), past)],
    });
    expect((await moveAll(writeStore, 1)).moved).toBe(1);
    expect((await everything(reader)).map(({ partition }) => partition)).toEqual([1]);
    expect((await moveAll(writeStore, 0)).moved).toBe(1);
  });
}

function cancelling<Native>({ test }: Suite<Native>): void {
  const cancel = (messageId: string, tenant = 'default') => ({ kind: 'cancel' as const, tenant, messageId });

  test('cancelById: a cancelled command never runs, and the others do', async ({ writeStore, reader }) => {
    const key = await keyIn(reader);
    const commands = [1, 2, 3].map((number) => schedule(key, past, { data: String(number) }));
    await writeStore.commit({ entries: commands });
    await writeStore.commit({ entries: [cancel(commands[1]!.command.id)] });
    expect((await moveAll(writeStore)).moved).toBe(2);
    expect(dataOf(await everything(reader))).toEqual(['1', '3']);
  });

  test('cancelling what was moved, is unknown, or belongs to another tenant changes nothing', async ({
    writeStore,
    reader,
  }) => {
    const key = await keyIn(reader);
    const [moved, waiting] = [schedule(key, past), schedule(key, later)];
    await writeStore.commit({ entries: [moved, waiting] });
    await moveAll(writeStore);
    await writeStore.commit({
      entries: [cancel(moved.command.id), cancel('nobody'), cancel(waiting.command.id, 'other')],
    });
    expect(await everything(reader)).toHaveLength(1);
    expect((await moveAll(writeStore)).nextInMs).toBeGreaterThan(0);
  });

  test('what a unit schedules and cancels itself never runs', async ({ writeStore, reader }) => {
    const command = schedule(await keyIn(reader), past);
    await writeStore.commit({ entries: [command, cancel(command.command.id)] });
    expect(await moveAll(writeStore)).toEqual({ moved: 0, nextInMs: undefined });
  });
}

function together<Native>({ test, capability }: Suite<Native>): void {
  test('promise 1: a unit that fails schedules and cancels nothing', async ({ writeStore, reader }) => {
    const key = await keyIn(reader);
    const waiting = schedule(key, past, { data: '"waiting"' });
    await writeStore.commit({ entries: [waiting] });
    const failing = [
      schedule(key, past),
      { kind: 'cancel' as const, tenant: 'default', messageId: waiting.command.id },
      append('s', 'exists', ['1']),
    ];
    await expect(writeStore.commit({ entries: failing })).rejects.toMatchObject({
      code: 'concurrency-conflict',
    });
    expect((await moveAll(writeStore)).moved).toBe(1);
    expect(dataOf(await everything(reader))).toEqual(['"waiting"']);
  });

  test('a schedule alone journals nothing and has no ranges', async ({ writeStore, reader }) => {
    expect(await writeStore.commit({ entries: [schedule(await keyIn(reader), past)] })).toEqual({
      ranges: [],
    });
  });

  capability('commit notices', {
    has: () =>
      test('onCommit tells of the partition of what was scheduled, and of what was moved', async ({
        writeStore,
        reader,
      }) => {
        const told: (readonly number[])[] = [];
        reader.onCommit!((partitions) => told.push(partitions));
        await writeStore.commit({ entries: [schedule(await keyIn(reader), past)] });
        await moveAll(writeStore);
        expect(told).toEqual([[here], [here]]);
        await moveAll(writeStore);
        expect(told).toHaveLength(2);
      }),
    lacks: () =>
      test('moveDue tells when to look again', async ({ writeStore, reader }) => {
        await writeStore.commit({ entries: [schedule(await keyIn(reader), later)] });
        expect((await moveAll(writeStore)).nextInMs).toBeGreaterThan(0);
      }),
  });

  capability('durability', {
    has: () =>
      test('promise 8: survivesRestart: a scheduled command waits through a restart', async (subject) => {
        await subject.writeStore.commit({
          entries: [schedule(await keyIn(subject.reader), past, { data: '"kept"' })],
        });
        const again = await subject.reopen!();
        expect((await moveAll(again.writeStore)).moved).toBe(1);
        expect(dataOf(await everything(again.reader))).toEqual(['"kept"']);
      }),
    lacks: () =>
      test('what is scheduled ends with its store, which cannot be opened again', async (subject) => {
        expect(subject.reopen).toBeUndefined();
      }),
  });
}
