import { RefusedError, type Session } from '@diptych/core';
import { expect } from 'vitest';
import { contract } from './contract.js';
import { everything } from './contract-envelopes.js';
import { claims, unknownOutcomes } from './unit-of-work-claims.js';
import { crashes } from './unit-of-work-crashes.js';
import { endings } from './unit-of-work-endings.js';
import {
  claimOf,
  Do,
  meta,
  namedAppend,
  note,
  type UnitOfWorkSuite,
  unitsOn,
} from './unit-of-work-fixture.js';
import { sessions, streams } from './unit-of-work-sessions.js';
import { type WriteSideFactory } from './write-side-subject.js';

/** What a unit of work does on a write store: the sessions that handlers are given, and their one commit. */
export function unitOfWorkContract<Native>(adapter: string, factory: WriteSideFactory<Native>): void {
  contract('unit of work', adapter, factory, (suite) => {
    oneTransaction(suite);
    sessions(suite);
    streams(suite);
    endings(suite);
    claims(suite);
    unknownOutcomes(suite);
    crashes(suite);
  });
}

function oneTransaction<Native>({ test }: UnitOfWorkSuite<Native>): void {
  test('promise 1: stateOutboxInboxTogether', async (subject) => {
    const { writeStore, reader, putRow, readRow } = subject;
    const answer = await unitsOn(subject).run({ meta: meta(), claim: claimOf() }, async (session) => {
      await putRow(await session.native(), 'r', 'row');
      session.append('s', 'none', [note('a')]);
      session.send(new Do({ text: 'b' }));
      expect(await everything(reader)).toEqual([]);
      return { n: 1 };
    });
    expect(answer).toMatchObject({ kind: 'done', result: { n: 1 } });
    expect(await readRow('r')).toBe('row');
    expect((await everything(reader)).map(({ kind, data }) => [kind, data])).toEqual([
      ['event', '{"text":"a"}'],
      ['command', '{"text":"b"}'],
    ]);
    const settled = await writeStore.findSettled(claimOf().key);
    expect(settled).toEqual({
      messageId: 'command-1',
      outcome: { kind: 'done', result: '{"n":1}' },
      ranges: answer.kind === 'done' && answer.ranges,
    });
  });

  test('promise 1: abortHidesSends: when the work throws, nothing of it is there, and its error comes out', async (subject) => {
    const { reader, writeStore, putRow, readRow } = subject;
    const failing = unitsOn(subject).run({ meta: meta(), claim: claimOf() }, async (session) => {
      await putRow(await session.native(), 'r', 'row');
      session.append('s', 'none', [note('a')]);
      session.send(new Do({ text: 'b' }));
      throw new RefusedError('no', 'No.');
    });
    await expect(failing).rejects.toMatchObject({ code: 'no' });
    expect([
      await readRow('r'),
      await everything(reader),
      await writeStore.findSettled(claimOf().key),
    ]).toEqual([undefined, [], undefined]);
  });

  test('conflictRerunsOnFreshState: a conflict rolls back, and the same work again sees what won', async (subject) => {
    const { writeStore, putRow, readRow } = subject;
    const seen: number[] = [];
    const units = unitsOn(subject);
    const work = async (session: Session<Native>) => {
      const { version } = await session.load('s');
      seen.push(version);
      if (seen.length === 1) await writeStore.commit({ entries: [namedAppend('s', ['other'])] });
      await putRow(await session.native(), 'r', `run ${seen.length}`);
      session.append('s', version, [note('ours')]);
    };
    await expect(units.run({ meta: meta() }, work)).rejects.toMatchObject({
      code: 'concurrency-conflict',
      retryable: true,
    });
    expect(await readRow('r')).toBeUndefined();
    await units.run({ meta: meta() }, work);
    expect([seen, await readRow('r')]).toEqual([[0, 1], 'run 2']);
  });

  test('severalSavesOneScope: the batch keeps call order, and what was written says who caused it', async (subject) => {
    const cause = meta({
      tenant: 'zürich',
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    });
    await unitsOn(subject).run({ meta: cause }, async (session) => {
      session.append('s', 'none', [note('1')]);
      session.send(new Do({ text: '2' }), { key: 'k' });
      session.append('t', 'any', [note('3'), note('4')], { partitionKey: 's' });
      session.append('s', 1, [note('5')]);
    });
    const entries = await everything(subject.reader);
    expect(entries.map(({ data }) => JSON.parse(data).text)).toEqual(['1', '2', '3', '4', '5']);
    const { correlationId, tenant, traceparent } = cause;
    for (const entry of entries)
      expect(entry).toMatchObject({
        causationId: 'command-1',
        correlationId,
        tenant,
        traceparent,
        source: 'contract',
      });
    expect(entries[0]?.subject).toEqual(cause.subject);
    expect(entries[1]).toMatchObject({ key: 'k', subject: { ...cause.subject, delegated: true } });
    expect(new Set(entries.map(({ id }) => id)).size).toBe(5);
  });

  test('a scheduled command waits for its time, and can be cancelled in the same or in another unit', async (subject) => {
    const { reader, writeStore } = subject;
    const units = unitsOn(subject);
    let kept = '';
    let cancelled = '';
    await units.run({ meta: meta() }, async (session) => {
      session.cancel(session.schedule(new Do({ text: 'never' }), { in: 0 }));
      cancelled = session.schedule(new Do({ text: 'not either' }), { in: 0 });
      kept = session.schedule(new Do({ text: 'yes' }), { at: new Date(0), key: 'k' });
    });
    await units.run({ meta: meta() }, async (session) => session.cancel(cancelled));
    const { partitions } = await reader.info();
    for (let partition = 0; partition < partitions; partition++) await writeStore.moveDue(partition, 10);
    expect(await everything(reader)).toMatchObject([
      { kind: 'command', id: kept, key: 'k', data: '{"text":"yes"}' },
    ]);
  });
}
