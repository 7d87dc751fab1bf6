import { type Committed, isDiptychError, maxEventsPerUnit, partitionOf, type StreamId } from '@diptych/core';
import { expect } from 'vitest';
import { type ContractSuite, contract } from './contract.js';
import { append, dataOf, envelope, everything, send } from './contract-envelopes.js';
import type { WriteSideCapability, WriteSideFactory, WriteSideSubject } from './write-side-subject.js';

const conflict = { code: 'concurrency-conflict', retryable: true };
const stream = (name: string, tenant = 'default'): StreamId => ({ tenant, name });

// Each of these is a stream of its own in every store, whatever its collation or key syntax makes of them.
const oddNames = [
  'a',
  'A',
  'a ',
  ' a',
  'a/b',
  'a\\b',
  'a:b',
  'a?b#c',
  'a%2Fb',
  "a'; DROP TABLE journal; --",
  'a"b',
  '[a]',
  '{a}',
  'a.b',
  '*',
  '%',
  '_',
  'ä',
  'a\u0308',
  'ß',
  'ss',
  'ı',
  'i',
  'İ',
  '日本',
  '注文-42',
  '🧾',
  '👩‍👩‍👧',
  '__proto__',
  'constructor',
  'null',
  'a\tb',
  'a\nb',
  'long '.repeat(40).trim(),
];

/** What `WriteStore` means, apart from its inbox and its scheduled commands, which have suites of their own. */
export function writeStoreContract<Native>(adapter: string, factory: WriteSideFactory<Native>): void {
  contract('write store', adapter, factory, (suite) => {
    expectedVersions(suite);
    races(suite);
    partitionKeys(suite);
    streams(suite);
    sentCommands(suite);
    nativeRows(suite);
    sizes(suite);
  });
}

type Suite<Native> = ContractSuite<WriteSideSubject<Native>, WriteSideCapability>;

function expectedVersions<Native>({ test }: Suite<Native>): void {
  test('expected: none wants a new stream', async ({ writeStore }) => {
    await writeStore.commit({ entries: [append('s', 'none', ['1'])] });
    await expect(writeStore.commit({ entries: [append('s', 'none', ['2'])] })).rejects.toMatchObject(
      conflict,
    );
  });

  test('expected: exists wants one that is there', async ({ writeStore }) => {
    await expect(writeStore.commit({ entries: [append('s', 'exists', ['1'])] })).rejects.toMatchObject(
      conflict,
    );
    await writeStore.commit({ entries: [append('s', 'any', ['1'])] });
    await writeStore.commit({ entries: [append('s', 'exists', ['2'])] });
    expect(dataOf(await writeStore.loadStream(stream('s')))).toEqual(['1', '2']);
  });

  test('expected: a number wants exactly that version, and 0 a new stream', async ({ writeStore }) => {
    await writeStore.commit({ entries: [append('s', 0, ['1', '2'])] });
    for (const wrong of [0, 1, 3]) {
      await expect(writeStore.commit({ entries: [append('s', wrong, ['x'])] })).rejects.toMatchObject({
        ...conflict,
        details: { stream: 's', expectedVersion: wrong },
      });
    }
    await writeStore.commit({ entries: [append('s', 2, ['3'])] });
    expect(dataOf(await writeStore.loadStream(stream('s')))).toEqual(['1', '2', '3']);
  });

  test('expected: any takes whatever there is', async ({ writeStore }) => {
    await writeStore.commit({ entries: [append('s', 'any', ['1'])] });
    await writeStore.commit({ entries: [append('s', 'any', ['2'])] });
    expect(dataOf(await writeStore.loadStream(stream('s')))).toEqual(['1', '2']);
  });

  test('earlier appends of the same batch count', async ({ writeStore }) => {
    const entries = [
      append('s', 'none', ['1', '2']),
      append('other', 'any', ['o']),
      append('s', 2, ['3']),
      append('s', 'exists', ['4']),
    ];
    await writeStore.commit({ entries });
    expect((await writeStore.loadStream(stream('s'))).map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    const twice = [append('t', 'none', ['1']), append('t', 'none', ['2'])];
    await expect(writeStore.commit({ entries: twice })).rejects.toMatchObject(conflict);
    expect(await writeStore.loadStream(stream('t'))).toEqual([]);
  });

  test('promise 1: a conflict anywhere in the batch leaves nothing of it', async ({ writeStore, reader }) => {
    await writeStore.commit({ entries: [append('taken', 'none', ['1'])] });
    const entries = [
      append('first', 'none', ['a']),
      send('key'),
      append('taken', 'none', ['b']),
      append('last', 'none', ['c']),
    ];
    await expect(writeStore.commit({ entries })).rejects.toMatchObject(conflict);
    expect(dataOf(await everything(reader))).toEqual(['1']);
  });

  test('emptyAppend: a batch without events succeeds and journals nothing', async ({
    writeStore,
    reader,
  }) => {
    expect(await writeStore.commit({ entries: [] })).toEqual({ ranges: [] });
    expect(await writeStore.commit({ entries: [append('s', 'none', [])] })).toEqual({ ranges: [] });
    expect(await everything(reader)).toEqual([]);
    await writeStore.commit({ entries: [append('s', 'none', ['1'], { partitionKey: 'other' })] });
  });
}

function races<Native>({ test }: Suite<Native>): void {
  test('twoWritersOneWins: the other gets a typed conflict that may be retried', async ({ writeStore }) => {
    const outcomes = await Promise.allSettled(
      ['a', 'b'].map((text) => writeStore.commit({ entries: [append('s', 'none', [text])] })),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: conflict });
    expect(await writeStore.loadStream(stream('s'))).toHaveLength(1);
  });

  test('twoWritersOneWins: also with any, unless one was put behind the other', async ({ writeStore }) => {
    const write = (text: string) => writeStore.commit({ entries: [append('s', 'any', [text])] });
    const texts = Array.from({ length: 12 }, (_, number) => String(number));
    const outcomes = await Promise.allSettled(texts.map(write));
    const lost = outcomes.filter((outcome) => outcome.status === 'rejected');
    for (const { reason } of lost) expect(reason).toMatchObject(conflict);
    const events = await writeStore.loadStream(stream('s'));
    expect(events).toHaveLength(texts.length - lost.length);
    expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
  });

  test('disjointStreamsBothCommit: writers of different streams do not disturb each other', async ({
    writeStore,
  }) => {
    const names = Array.from({ length: 20 }, (_, number) => `s-${number}`);
    await Promise.all(names.map((name) => writeStore.commit({ entries: [append(name, 'none', ['1'])] })));
    for (const name of names) expect(await writeStore.loadStream(stream(name))).toHaveLength(1);
  });
}

function partitionKeys<Native>({ test }: Suite<Native>): void {
  test('a stream lies in the partition of its name, or of the key that its first event was given', async ({
    writeStore,
    reader,
  }) => {
    const { partitions } = await reader.info();
    await writeStore.commit({
      entries: [
        append('plain', 'none', ['1']),
        append('keyed', 'none', ['2'], { partitionKey: 'customer-7' }),
      ],
    });
    const [plain] = await writeStore.loadStream(stream('plain'));
    const [keyed] = await writeStore.loadStream(stream('keyed'));
    expect(plain?.partition).toBe(partitionOf('plain', partitions));
    expect(keyed?.partition).toBe(partitionOf('customer-7', partitions));
  });

  test('the partition key stays what the first event said', async ({ writeStore }) => {
    await writeStore.commit({ entries: [append('s', 'none', ['1'], { partitionKey: 'k' })] });
    await writeStore.commit({
      entries: [append('s', 1, ['2']), append('s', 2, ['3'], { partitionKey: 'k' })],
    });
    const partitions = (await writeStore.loadStream(stream('s'))).map(({ partition }) => partition);
    expect(partitions).toHaveLength(3);
    expect(new Set(partitions).size).toBe(1);
  });

  test('another key later is refused, and nothing is written', async ({ writeStore, reader }) => {
    const changed = { code: 'partition-key-changed', retryable: false };
    await writeStore.commit({
      entries: [append('s', 'none', ['1'], { partitionKey: 'k' }), append('plain', 'none', ['2'])],
    });
    for (const late of [
      append('s', 1, ['x'], { partitionKey: 'l' }),
      append('s', 'any', ['x'], { partitionKey: 's' }),
      append('plain', 1, ['x'], { partitionKey: 'k' }),
    ]) {
      await expect(
        writeStore.commit({ entries: [append('new', 'none', ['n']), late] }),
      ).rejects.toMatchObject(changed);
    }
    const inOneBatch = [
      append('t', 'none', ['1'], { partitionKey: 'k' }),
      append('t', 1, ['2'], { partitionKey: 'l' }),
    ];
    await expect(writeStore.commit({ entries: inOneBatch })).rejects.toMatchObject(changed);
    expect(dataOf(await everything(reader))).toEqual(['1', '2']);
  });
}

function streams<Native>({ test }: Suite<Native>): void {
  test('unknownStreamIsEmpty', async ({ writeStore }) => {
    expect(await writeStore.loadStream(stream('nobody'))).toEqual([]);
  });

  test('readOrder: a stream is read in version order, from a version, within a limit', async ({
    writeStore,
  }) => {
    await writeStore.commit({ entries: [append('s', 'none', ['1', '2', '3'])] });
    await writeStore.commit({ entries: [append('s', 3, ['4', '5'])] });
    const versions = async (options?: Parameters<typeof writeStore.loadStream>[1]) =>
      (await writeStore.loadStream(stream('s'), options)).map(({ version, data }) => `${version}=${data}`);
    expect(await versions()).toEqual(['1=1', '2=2', '3=3', '4=4', '5=5']);
    expect(await versions({ afterVersion: 2 })).toEqual(['3=3', '4=4', '5=5']);
    expect(await versions({ afterVersion: 1, limit: 2 })).toEqual(['2=2', '3=3']);
    expect(await versions({ afterVersion: 5 })).toEqual([]);
  });

  test('metadata: every fact of an envelope comes back as it was', async ({ writeStore }) => {
    const full = envelope({
      schemaVersion: 7,
      tenant: 'zürich 🏦',
      subject: { id: 'grace', roles: ['a', 'ü'], delegated: true },
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      tracestate: 'vendor=1',
      data: JSON.stringify({ text: 'ä 日本 🧾 \u0000 \u2028 "\\', number: 1e21, nested: [null, true, {}] }),
    });
    const bare = envelope({ tenant: full.tenant });
    const name = stream('s', full.tenant);
    await writeStore.commit({
      entries: [
        {
          kind: 'append',
          stream: name,
          expectedVersion: 'none',
          partitionKey: undefined,
          events: [full, bare],
        },
      ],
    });
    const [first, second] = await writeStore.loadStream(name);
    expect(first).toEqual({
      ...full,
      stream: 's',
      version: 1,
      partition: first?.partition,
      position: first?.position,
    });
    expect(second).toEqual({
      ...bare,
      stream: 's',
      version: 2,
      partition: first?.partition,
      position: second?.position,
    });
  });

  test('tenantIsolation: one name in two tenants is two streams', async ({ writeStore }) => {
    await writeStore.commit({
      entries: [append('s', 'none', ['1'], { tenant: 'a' }), append('s', 'none', ['2'], { tenant: 'b' })],
    });
    expect(dataOf(await writeStore.loadStream(stream('s', 'a')))).toEqual(['1']);
    expect(dataOf(await writeStore.loadStream(stream('s', 'b')))).toEqual(['2']);
    expect(await writeStore.loadStream(stream('s'))).toEqual([]);
  });

  test('odd names are names like others, each its own', async ({ writeStore }) => {
    for (const name of oddNames)
      await writeStore.commit({ entries: [append(name, 'none', [JSON.stringify(name)])] });
    for (const name of oddNames)
      expect(dataOf(await writeStore.loadStream(stream(name)))).toEqual([JSON.stringify(name)]);
    for (const tenant of oddNames)
      await writeStore.commit({ entries: [append('s', 'none', [JSON.stringify(tenant)], { tenant })] });
    for (const tenant of oddNames)
      expect(dataOf(await writeStore.loadStream(stream('s', tenant)))).toEqual([JSON.stringify(tenant)]);
  });

  test('the ranges are the first and last position in each partition touched', async ({
    writeStore,
    reader,
  }) => {
    const names = Array.from({ length: 40 }, (_, number) => `s-${number}`);
    const { ranges }: Committed = await writeStore.commit({
      entries: names.map((name) => append(name, 'none', ['1', '2'])),
    });
    const written = await everything(reader);
    const partitions = [...new Set(written.map(({ partition }) => partition))];
    const expected = partitions.map((partition) => {
      const positions = written
        .filter((entry) => entry.partition === partition)
        .map(({ position }) => position);
      return { partition, first: positions[0], last: positions.at(-1) };
    });
    expect(byPartition(ranges)).toEqual(byPartition(expected));
  });
}

function byPartition<R extends { readonly partition: number }>(ranges: readonly R[]): readonly R[] {
  return [...ranges].sort((one, other) => one.partition - other.partition);
}

function sentCommands<Native>({ test }: Suite<Native>): void {
  test('a sent command is a journal row of its own kind, in its key’s partition, in call order', async ({
    writeStore,
    reader,
  }) => {
    const command = send('order-7', { data: '"do"' });
    await writeStore.commit({ entries: [append('s', 'none', ['1']), command, append('s', 1, ['2'])] });
    const entries = await everything(reader);
    expect(entries.map(({ kind, data }) => [kind, data])).toEqual([
      ['event', '1'],
      ['command', '"do"'],
      ['event', '2'],
    ]);
    const { partitions } = await reader.info();
    expect(entries[1]).toMatchObject({
      ...command.command,
      key: 'order-7',
      partition: partitionOf('order-7', partitions),
    });
    expect(await writeStore.loadStream(stream('order-7'))).toEqual([]);
  });

  test('orderPerKey: commands of one key keep the order they were sent in', async ({
    writeStore,
    reader,
  }) => {
    const texts = Array.from({ length: 10 }, (_, number) => String(number));
    for (const text of texts)
      await writeStore.commit({
        entries: [send('k', { data: text }), send(`other-${text}`, { data: '"x"' })],
      });
    const ofKey = (await everything(reader)).filter((entry) => entry.kind === 'command' && entry.key === 'k');
    expect(dataOf(ofKey)).toEqual(texts);
  });
}

const timeLimitInMs = 60_000;

function nativeRows<Native>({ test }: Suite<Native>): void {
  test('promise 1: the program’s rows and the events commit together', async ({
    writeStore,
    putRow,
    readRow,
  }) => {
    const transaction = await writeStore.begin({ timeLimitInMs });
    await putRow(transaction.native, 'r', 'row');
    expect(await writeStore.loadStream(stream('s'))).toEqual([]);
    await transaction.commit({ entries: [append('s', 'none', ['1'])] });
    expect(await readRow('r')).toBe('row');
    expect(await writeStore.loadStream(stream('s'))).toHaveLength(1);
  });

  test('promise 1: they roll back together, by rollback and by conflict', async ({
    writeStore,
    putRow,
    readRow,
    reader,
  }) => {
    const given = await writeStore.begin({ timeLimitInMs });
    await putRow(given.native, 'up', 'row');
    await given.rollback();
    await given.rollback();

    const conflicting = await writeStore.begin({ timeLimitInMs });
    await putRow(conflicting.native, 'conflict', 'row');
    const entries = [append('s', 'none', ['1']), append('nobody', 'exists', ['2'])];
    await expect(conflicting.commit({ entries })).rejects.toMatchObject(conflict);
    await conflicting.rollback();

    expect([await readRow('up'), await readRow('conflict')]).toEqual([undefined, undefined]);
    expect(await everything(reader)).toEqual([]);
    await writeStore.commit({ entries: [append('s', 'none', ['free again'])] });
  });

  test('a transaction that ended takes nothing more', async ({ writeStore, reader }) => {
    const rolledBack = await writeStore.begin({ timeLimitInMs });
    await rolledBack.rollback();
    await expect(rolledBack.commit({ entries: [append('s', 'none', ['1'])] })).rejects.toMatchObject({
      code: 'session-over',
    });
    const committed = await writeStore.begin({ timeLimitInMs });
    await committed.commit({ entries: [] });
    await expect(committed.commit({ entries: [append('s', 'none', ['1'])] })).rejects.toMatchObject({
      code: 'session-over',
    });
    expect(await everything(reader)).toEqual([]);
  });

  test('promise 8: a transaction that nobody ends is rolled back by its time limit, and says why', async (subject) => {
    const { writeStore, putRow, readRow, reader } = subject;
    const abandoned = await writeStore.begin({ timeLimitInMs: 200 });
    await putRow(abandoned.native, 'r', 'row');
    await subject.advanceTime(400);
    await writeStore.commit({ entries: [append('next', 'none', ['1'])] });
    const late = await abandoned
      .commit({ entries: [append('late', 'none', ['2'])] })
      .catch((error: unknown) => error);
    expect(isDiptychError(late, 'time-limit') && late.message).toContain('200 ms');
    expect(await readRow('r')).toBeUndefined();
    expect(dataOf(await everything(reader))).toEqual(['1']);
  });
}

function sizes<Native>({ test, capability }: Suite<Native>): void {
  test('a unit with more events than positions can tell apart is refused, and nothing is written', async ({
    writeStore,
    reader,
  }) => {
    const events = new Array(maxEventsPerUnit + 1).fill(envelope());
    const tooMany = { ...append('s', 'none', []), events };
    await expect(writeStore.commit({ entries: [tooMany] })).rejects.toMatchObject({
      code: 'unit-too-large',
      retryable: false,
    });
    expect(await everything(reader)).toEqual([]);
  });

  const tooLarge = { code: 'message-too-large', retryable: false };
  capability('message size limit', {
    has: () =>
      test('oversize: a message beyond the limit is refused before anything is written', async ({
        writeStore,
        reader,
      }) => {
        const limit = writeStore.options.maxMessageBytes ?? Number.NaN;
        expect(limit).toBeLessThan(1024 * 1024);
        // Three bytes a character: what counts is bytes, not characters.
        const large = JSON.stringify('語'.repeat(Math.ceil(limit / 3)));
        for (const entry of [append('s', 'none', [large]), send('k', { data: large })]) {
          await expect(
            writeStore.commit({ entries: [append('t', 'none', ['1']), entry] }),
          ).rejects.toMatchObject(tooLarge);
        }
        expect(await everything(reader)).toEqual([]);
        await writeStore.commit({
          entries: [append('s', 'none', [JSON.stringify('x'.repeat(Math.floor(limit / 2)))])],
        });
      }),
    lacks: () =>
      test('oversize: a message of a megabyte is stored', async ({ writeStore }) => {
        const large = JSON.stringify('語'.repeat(400_000));
        await writeStore.commit({ entries: [append('s', 'none', [large])] });
        expect(dataOf(await writeStore.loadStream(stream('s')))).toEqual([large]);
      }),
  });
}
