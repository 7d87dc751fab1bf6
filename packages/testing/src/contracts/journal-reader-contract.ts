import {
  type JournalEntry,
  type JournalReader,
  type Position,
  partitionOf,
  type ReadLimits,
  type WriteStore,
} from '@diptych/core';
import { expect } from 'vitest';
import { type ContractSuite, contract } from './contract.js';
import { append, dataOf, envelope, everything, nameIn, send, unlimited } from './contract-envelopes.js';
import type { WriteSideCapability, WriteSideFactory, WriteSideSubject } from './write-side-subject.js';

type Suite<Native> = ContractSuite<WriteSideSubject<Native>, WriteSideCapability>;

/** What `JournalReader` means, over the write store that fills its journal. */
export function journalReaderContract<Native>(adapter: string, factory: WriteSideFactory<Native>): void {
  contract('journal reader', adapter, factory, (suite) => {
    order(suite);
    readersBesideWriters(suite);
    reading(suite);
    limits(suite);
    looking(suite);
    notices(suite);
    durability(suite);
    concurrentWriters(suite);
  });
}

async function write(store: WriteStore<unknown>, ...texts: readonly string[]): Promise<void> {
  for (const text of texts)
    await store.commit({ entries: [append(`stream-${text}`, 'any', [JSON.stringify(text)])] });
}

async function namesIn(reader: JournalReader): Promise<(partition: number, stem?: string) => string> {
  const { partitions } = await reader.info();
  return (partition, stem) => nameIn(partition, (name) => partitionOf(name, partitions), stem);
}

function order<Native>({ test }: Suite<Native>): void {
  test('promise 2: appendOrderIsReadOrder inside a unit, across streams and partitions', async ({
    writeStore,
    reader,
  }) => {
    const name = await namesIn(reader);
    const texts = Array.from({ length: 300 }, (_, number) => String(number));
    const entries = texts.map((text, number) =>
      number % 7 === 0
        ? send(name(number % 5, 'command'), { data: text })
        : append(name(number % 5), 'any', [text]),
    );
    await writeStore.commit({ entries });
    expect(dataOf(await everything(reader))).toEqual(texts);
    const slices = await reader.read([{ partition: 3, after: undefined }], unlimited);
    expect(dataOf(slices[0]!.entries)).toEqual(texts.filter((text) => Number(text) % 5 === 3));
  });

  test('positions are unique and rise from commit to commit', async ({ writeStore, reader }) => {
    for (let round = 0; round < 5; round++) {
      await writeStore.commit({
        entries: [append('a', 'any', ['1', '2']), send('k'), append('b', 'any', ['3'])],
      });
    }
    const positions = (await everything(reader)).map(({ position }) => position);
    expect(positions).toHaveLength(20);
    expect([...new Set(positions)].sort()).toEqual(positions);
  });

  test('a conflict leaves no hole that a reader waits at', async ({ writeStore, reader }) => {
    await write(writeStore, 'a');
    await writeStore
      .commit({ entries: [append('x', 'any', ['1']), append('x', 'none', ['2'])] })
      .catch(() => undefined);
    await write(writeStore, 'b');
    const { entries, caughtUp } = await reader.readAll(undefined, unlimited);
    expect([dataOf(entries), caughtUp]).toEqual([['"a"', '"b"'], true]);
  });
}

function readersBesideWriters<Native>({ test }: Suite<Native>): void {
  test('promise 2: nWritersMReaders: each entry once, in one order for all, never below one seen before', async ({
    writeStore,
    reader,
  }) => {
    const [writers, rounds, readers] = [6, 25, 3];
    const total = writers * rounds * 2;
    const writer = async (number: number) => {
      for (let round = 0; round < rounds; round++) {
        const own = append(`own-${number}`, round, [`"${number}.${round}"`]);
        await writeStore.commit({
          entries: [own, append(`${number}-${round}`, 'none', [`"${number}.${round}'"`])],
        });
      }
    };
    const writing = Promise.all(Array.from({ length: writers }, (_, number) => writer(number)));
    const seen = await Promise.all(Array.from({ length: readers }, () => readUntil(reader, total)));
    await writing;
    const all = dataOf(await everything(reader));
    expect(all).toHaveLength(total);
    for (const entries of seen) expect(dataOf(entries)).toEqual(all);
  });

  test('promise 2: idleThenBurst: nothing is skipped after a pause', async (subject) => {
    const { writeStore, reader } = subject;
    await write(writeStore, 'a');
    const { entries } = await reader.readAll(undefined, unlimited);
    expect((await reader.readAll(entries[0]!.position, unlimited)).caughtUp).toBe(true);
    await subject.advanceTime(100);
    const texts = Array.from({ length: 30 }, (_, number) => `b${number}`);
    await Promise.all(texts.map((text) => write(writeStore, text)));
    const later = await reader.readAll(entries[0]!.position, unlimited);
    expect(dataOf(later.entries).toSorted()).toEqual(texts.map((text) => JSON.stringify(text)).toSorted());
  });
}

async function readUntil(
  reader: JournalReader,
  count: number,
  after?: Position,
): Promise<readonly JournalEntry[]> {
  const seen: JournalEntry[] = [];
  for (let idle = 0; seen.length < count; idle++) {
    if (idle > 10_000)
      throw new Error(`Only ${seen.length} of ${count} entries came: the others were skipped.`);
    const { entries } = await reader.readAll(seen.at(-1)?.position ?? after, {
      maxEvents: 7,
      maxBytes: 1_000_000,
    });
    seen.push(...entries);
    if (entries.length > 0) idle = 0;
    // Gives writers in the same process their turn; a reader of a server waits for the answer anyway.
    else await new Promise((resolve) => setImmediate(resolve));
  }
  return seen;
}

function reading<Native>({ test }: Suite<Native>): void {
  test('each partition asked for gets a slice, from behind the position given', async ({
    writeStore,
    reader,
  }) => {
    const name = await namesIn(reader);
    for (const text of ['1', '2', '3'])
      await writeStore.commit({ entries: [append(name(0), 'any', [text]), append(name(1), 'any', [text])] });
    const [first] = (await reader.read([{ partition: 0, after: undefined }], unlimited))[0]!.entries;
    const slices = await reader.read(
      [
        { partition: 2, after: undefined },
        { partition: 1, after: undefined },
        { partition: 0, after: first!.position },
      ],
      unlimited,
    );
    const shown = slices.map(({ partition, entries, caughtUp }) => [partition, dataOf(entries), caughtUp]);
    expect(shown.toSorted()).toEqual([
      [0, ['2', '3'], true],
      [1, ['1', '2', '3'], true],
      [2, [], true],
    ]);
  });

  test('resumeFromCheckpoint: reading on from the last position gives each entry exactly once', async ({
    writeStore,
    reader,
  }) => {
    const { partitions } = await reader.info();
    const texts = Array.from({ length: 60 }, (_, number) => String(number));
    await write(writeStore, ...texts);
    const after = new Map<number, Position | undefined>(
      Array.from({ length: partitions }, (_, partition) => [partition, undefined]),
    );
    const seen: string[] = [];
    for (let open = true; open; ) {
      const slices = await reader.read(
        [...after].map(([partition, position]) => ({ partition, after: position })),
        { maxEvents: 8, maxBytes: 1_000_000 },
      );
      for (const { partition, entries } of slices) {
        seen.push(...dataOf(entries));
        if (entries.length > 0) after.set(partition, entries.at(-1)!.position);
      }
      open = slices.some(({ caughtUp }) => !caughtUp);
    }
    expect(seen.toSorted()).toEqual(texts.map((text) => JSON.stringify(text)).toSorted());
  });

  test('an empty journal is caught up', async ({ reader }) => {
    expect(await reader.readAll(undefined, unlimited)).toEqual({ entries: [], caughtUp: true });
    expect(await reader.read([], unlimited)).toEqual([]);
    expect(await reader.heads()).toEqual(new Map());
  });

  test('events carry stream, version and partition; the reader gives what the store gives', async ({
    writeStore,
    reader,
  }) => {
    const event = envelope({
      data: '{"ü":"日本"}',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    const stream = { tenant: 'default', name: 's' };
    await writeStore.commit({
      entries: [{ kind: 'append', stream, expectedVersion: 'none', partitionKey: 'k', events: [event] }],
    });
    const [stored] = await writeStore.loadStream(stream);
    expect(await everything(reader)).toEqual([stored]);
    expect(stored).toMatchObject(event);
  });
}

function limits<Native>({ test }: Suite<Native>): void {
  const shownBy = async (reader: JournalReader, bounds: ReadLimits) => {
    const all = await reader.readAll(undefined, bounds);
    const one = (await reader.read([{ partition: 0, after: undefined }], bounds))[0]!;
    expect([one.entries, one.caughtUp]).toEqual([all.entries, all.caughtUp]);
    return [all.entries.length, all.caughtUp];
  };

  test('limits: by count, over all partitions', async ({ writeStore, reader }) => {
    const name = await namesIn(reader);
    await writeStore.commit({ entries: [append(name(0), 'none', ['1', '2', '3'])] });
    expect(await shownBy(reader, { ...unlimited, maxEvents: 2 })).toEqual([2, false]);
    expect(await shownBy(reader, { ...unlimited, maxEvents: 3 })).toEqual([3, true]);
    await writeStore.commit({ entries: [append(name(1), 'none', ['4', '5'])] });
    const from = [
      { partition: 0, after: undefined },
      { partition: 1, after: undefined },
    ];
    const slices = await reader.read(from, { ...unlimited, maxEvents: 4 });
    expect(slices.reduce((sum, { entries }) => sum + entries.length, 0)).toBe(4);
    expect(slices.filter(({ caughtUp }) => !caughtUp)).toHaveLength(1);
  });

  test('limits: by bytes of data, and a single larger entry is still given', async ({
    writeStore,
    reader,
  }) => {
    const name = await namesIn(reader);
    const text = JSON.stringify('x'.repeat(998));
    await writeStore.commit({ entries: [append(name(0), 'none', [text, text, text])] });
    expect(await shownBy(reader, { ...unlimited, maxBytes: 2_100 })).toEqual([2, false]);
    expect(await shownBy(reader, { ...unlimited, maxBytes: 10 })).toEqual([1, false]);
    expect(await shownBy(reader, { ...unlimited, maxBytes: 10_000 })).toEqual([3, true]);
  });
}

function looking<Native>({ test }: Suite<Native>): void {
  test('entryAt: exactly that position in that partition, or nothing', async ({ writeStore, reader }) => {
    const name = await namesIn(reader);
    await writeStore.commit({
      entries: [
        append(name(0), 'none', ['1', '2']),
        send(name(0), { data: '3' }),
        append(name(1), 'none', ['4']),
      ],
    });
    for (const entry of await everything(reader)) {
      expect(await reader.entryAt(entry.partition, entry.position)).toEqual(entry);
      expect(await reader.entryAt(1 - entry.partition, entry.position)).toBeUndefined();
    }
    const nowhere = `${'f'.repeat(19)}0` as Position;
    expect(await reader.entryAt(0, nowhere)).toBeUndefined();
    expect(await reader.entryAt(2, nowhere)).toBeUndefined();
  });

  test('heads: the last position of each partition that has entries', async ({ writeStore, reader }) => {
    const name = await namesIn(reader);
    await writeStore.commit({ entries: [append(name(0), 'none', ['1']), append(name(3), 'none', ['2'])] });
    await writeStore.commit({ entries: [send(name(0), { data: '3' })] });
    const at = new Map((await everything(reader)).map(({ data, position }) => [data, position]));
    expect(await reader.heads()).toEqual(
      new Map([
        [0, at.get('3')],
        [3, at.get('2')],
      ]),
    );
  });

  test('backlog: how many entries are behind a position, and how old the oldest is', async ({
    writeStore,
    reader,
  }) => {
    const name = await namesIn(reader);
    const events = ['2030-01-01T00:00:00.000Z', '2030-01-02T00:00:00.000Z', '2030-01-03T00:00:00.000Z'].map(
      (time) => envelope({ time }),
    );
    await writeStore.commit({ entries: [{ ...append(name(1), 'none', []), events }] });
    const [first, , last] = await everything(reader);
    const backlog = async (after: Position | undefined, partition = 1) =>
      (await reader.backlog([{ partition, after }]))[0];
    expect(await backlog(undefined)).toEqual({ partition: 1, entries: 3, oldest: events[0]!.time });
    expect(await backlog(first!.position)).toEqual({ partition: 1, entries: 2, oldest: events[1]!.time });
    expect(await backlog(last!.position)).toEqual({ partition: 1, entries: 0, oldest: undefined });
    expect(await backlog(undefined, 2)).toEqual({ partition: 2, entries: 0, oldest: undefined });
  });

  test('info: the journal keeps its incarnation and its number of partitions', async ({
    writeStore,
    reader,
  }) => {
    const before = await reader.info();
    await write(writeStore, 'a');
    expect(await reader.info()).toEqual(before);
    expect(before.incarnation).toMatch(/^[\w-]{1,64}$/);
    expect(before.partitions).toBeGreaterThanOrEqual(5);
  });
}

function notices<Native>({ capability, test }: Suite<Native>): void {
  capability('commit notices', {
    has: () =>
      test('onCommit: told of the partitions after the commit, when their entries can be read', async ({
        writeStore,
        reader,
      }) => {
        const name = await namesIn(reader);
        const told: (readonly number[])[] = [];
        let visible: Promise<readonly JournalEntry[]> | undefined;
        const stop = reader.onCommit!((partitions) => {
          told.push([...partitions].sort());
          visible ??= everything(reader);
        });
        await writeStore.commit({ entries: [append(name(1), 'none', ['1']), send(name(0), { data: '2' })] });
        expect(dataOf((await visible) ?? [])).toEqual(['1', '2']);
        await writeStore.commit({ entries: [append(name(1), 'none', ['x'])] }).catch(() => undefined);
        expect(told).toEqual([[0, 1]]);
        stop();
        await write(writeStore, 'unheard');
        expect(told).toHaveLength(1);
      }),
    lacks: () =>
      test('onCommit is absent, so that subscriptions know to poll', async ({ reader }) => {
        expect(reader.onCommit).toBeUndefined();
      }),
  });
}

function durability<Native>({ capability, test }: Suite<Native>): void {
  capability('durability', {
    has: () =>
      test('promise 8: failoverNeverRegresses: what was committed is there after a restart, and positions go on rising', async (subject) => {
        await write(subject.writeStore, 'a', 'b');
        const [before, info] = [await everything(subject.reader), await subject.reader.info()];
        const again = await subject.reopen!();
        expect(await everything(again.reader)).toEqual(before);
        expect(await again.reader.info()).toEqual(info);
        await write(again.writeStore, 'c');
        const after = (await everything(again.reader)).at(-1)!;
        expect(after.data).toBe('"c"');
        expect(after.position > before.at(-1)!.position).toBe(true);
      }),
    lacks: () =>
      test('a journal that does not outlive its process has no way to be opened again', async (subject) => {
        expect(subject.reopen).toBeUndefined();
      }),
  });
}

function concurrentWriters<Native>({ capability, test }: Suite<Native>): void {
  capability('concurrent writers', {
    has: () => {
      test('promise 2: lateCommitBelowHead: what commits late is read late, and never skipped', async ({
        writeStore,
        reader,
        holdCommit,
      }) => {
        const late = await holdCommit!({ entries: [append('late', 'none', ['"late"'])] });
        await write(writeStore, 'a', 'b');
        const seen = [...(await everything(reader))];
        await late.commit();
        seen.push(...(await readUntil(reader, 3 - seen.length, seen.at(-1)?.position)));
        expect(dataOf(seen).toSorted()).toEqual(['"a"', '"b"', '"late"']);
        expect(seen.map(({ position }) => position)).toEqual(seen.map(({ position }) => position).toSorted());
      });

      test('promise 2: rolledBackGapNoStall: a writer that rolls back leaves no hole to wait at', async ({
        writeStore,
        reader,
        holdCommit,
      }) => {
        const given = await holdCommit!({ entries: [append('given up', 'none', ['"x"'])] });
        await write(writeStore, 'a');
        await given.rollback();
        expect(dataOf(await readUntil(reader, 1))).toEqual(['"a"']);
        expect((await reader.readAll(undefined, unlimited)).caughtUp).toBe(true);
      });

      test('promise 2: interiorGapInFlight: a gap between commits is waited for', async ({
        writeStore,
        reader,
        holdCommit,
      }) => {
        await write(writeStore, 'a');
        const first = await holdCommit!({ entries: [append('first', 'none', ['"first"'])] });
        const second = await holdCommit!({ entries: [append('second', 'none', ['"second"'])] });
        await write(writeStore, 'b');
        const seen = [...(await everything(reader))];
        await second.commit();
        seen.push(...(await reader.readAll(seen.at(-1)?.position, unlimited)).entries);
        await first.commit();
        seen.push(...(await readUntil(reader, 4 - seen.length, seen.at(-1)?.position)));
        expect(dataOf(seen).toSorted()).toEqual(['"a"', '"b"', '"first"', '"second"']);
      });
    },
    lacks: () =>
      test('promise 2: a writer waits while a transaction is open, and readers do not', async ({
        writeStore,
        reader,
      }) => {
        await write(writeStore, 'a');
        const open = await writeStore.begin({ timeLimitInMs: 60_000 });
        let written = false;
        const waiting = write(writeStore, 'b').then(() => {
          written = true;
        });
        expect(dataOf(await everything(reader))).toEqual(['"a"']);
        expect(written).toBe(false);
        await open.commit({ entries: [append('c', 'none', ['"c"'])] });
        await waiting;
        expect(dataOf(await everything(reader))).toEqual(['"a"', '"c"', '"b"']);
      }),
  });
}
