import { currentSession, findOpenSession, type Session, type WriteStore } from '@diptych/core';
import { expect } from 'vitest';
import { append, dataOf } from './contract-envelopes.js';
import { crashingStore } from './crashing-store.js';
import { storeWith } from './store-with.js';
import {
  Do,
  meta,
  Noted,
  namedAppend,
  note,
  nothing,
  stream,
  textsOf,
  type UnitOfWorkSuite,
  unitsOn,
} from './unit-of-work-fixture.js';

/** Who finds which session, and until when. */
export function sessions<Native>({ test }: UnitOfWorkSuite<Native>): void {
  test('parallelUnitsDoNotMix: each finds its own session, across async contexts', async (subject) => {
    const units = unitsOn(subject);
    const repository = async (name: string) => {
      await Promise.resolve();
      const { version } = await currentSession().load(name);
      currentSession().append(name, version, [note(name)]);
    };
    const names = Array.from({ length: 10 }, (_, number) => `s-${number}`);
    await Promise.all(names.map((name) => units.run({ meta: meta({ id: name }) }, () => repository(name))));
    for (const name of names)
      expect(await subject.writeStore.loadStream(stream(name))).toMatchObject([{ causationId: name }]);
  });

  test('outside a unit there is no session', async () => {
    expect(findOpenSession()).toBeUndefined();
    expect(() => currentSession()).toThrow(expect.objectContaining({ code: 'no-session' }));
  });

  test('a unit inside a unit is refused: it would commit apart', async (subject) => {
    const units = unitsOn(subject);
    const nested = units.run({ meta: meta() }, () => units.run({ meta: meta() }, nothing));
    await expect(nested).rejects.toMatchObject({ code: 'execute-in-handler', origin: 'programming' });
  });

  test('a session that has ended takes nothing more, and is not found', async (subject) => {
    const over = expect.objectContaining({ code: 'session-over' });
    let kept: Session<Native> | undefined;
    await unitsOn(subject).run({ meta: meta() }, async (session) => {
      kept = session;
      expect(findOpenSession()).toBe(session);
    });
    const late = kept as Session<Native>;
    expect(() => late.append('s', 'any', [note('late')])).toThrow(over);
    expect(() => late.send(new Do({ text: 'late' }))).toThrow(over);
    expect(() => late.schedule(new Do({ text: 'late' }), { in: 1 })).toThrow(over);
    expect(() => late.cancel('x')).toThrow(over);
    expect(() => late.afterCommit(nothing)).toThrow(over);
    await expect(late.load('s')).rejects.toEqual(over);
    await expect(late.native()).rejects.toEqual(over);
  });

  test('work that needs nothing written opens no transaction', async (subject) => {
    const { store } = crashingStore(subject.writeStore, { call: 1, moment: 'before' });
    const answer = await unitsOn(subject, store).run({ meta: meta() }, async () => 'read');
    expect(answer).toEqual({ kind: 'done', result: 'read', ranges: [] });
  });
}

/** How a session reads streams and adds to them. */
export function streams<Native>({ test }: UnitOfWorkSuite<Native>): void {
  test('a stream is read once, and what was appended is seen at its end', async (subject) => {
    await subject.writeStore.commit({ entries: [namedAppend('s', ['1', '2'])] });
    const counted = countingLoads(subject.writeStore);
    await unitsOn(subject, counted.store).run({ meta: meta() }, async (session) => {
      const [one, same] = await Promise.all([session.load('s'), session.load('s')]);
      expect([one.version, same.version, textsOf(one.events)]).toEqual([2, 2, ['1', '2']]);
      session.append('s', 2, [note('3')]);
      const after = await session.load('s');
      expect([after.version, textsOf(after.events), after.recorded.length]).toEqual([3, ['1', '2', '3'], 2]);
      expect(textsOf((await session.load('s', { afterVersion: 2 })).events)).toEqual(['3']);
      expect(after.events.every((loaded) => loaded instanceof Noted)).toBe(true);
    });
    expect(counted.loads()).toBe(1);
  });

  test('expected versions count what the session appended', async (subject) => {
    await unitsOn(subject).run({ meta: meta() }, async (session) => {
      session.append('s', 'none', [note('1')]);
      session.append('s', 1, [note('2')]);
      session.append('s', 'exists', [note('3')]);
      expect(() => session.append('s', 'none', [note('x')])).toThrow(
        expect.objectContaining({ code: 'concurrency-conflict' }),
      );
      expect(() => session.append('s', 2, [note('x')])).toThrow(
        expect.objectContaining({ code: 'concurrency-conflict' }),
      );
      session.append('s', 3, []);
    });
    expect((await subject.writeStore.loadStream(stream('s'))).map(({ version }) => version)).toEqual([
      1, 2, 3,
    ]);
  });

  test('a conflict that the session already knows of is thrown at once', async (subject) => {
    await subject.writeStore.commit({ entries: [namedAppend('s', ['1'])] });
    await unitsOn(subject).run({ meta: meta() }, async (session) => {
      await session.load('s');
      expect(() => session.append('s', 'none', [note('x')])).toThrow(
        expect.objectContaining({ code: 'concurrency-conflict', retryable: true }),
      );
    });
    const unknown = unitsOn(subject).run({ meta: meta() }, async (session) =>
      session.append('s', 'none', [note('x')]),
    );
    await expect(unknown).rejects.toMatchObject({ code: 'concurrency-conflict' });
  });

  test('tenantIsolation: a session reads and writes its message’s tenant', async (subject) => {
    const units = unitsOn(subject);
    for (const tenant of ['a', 'b']) {
      await units.run({ meta: meta({ tenant }) }, async (session) => {
        expect([session.tenant, (await session.load('s')).version]).toEqual([tenant, 0]);
        session.append('s', 'none', [note(tenant)]);
      });
    }
    expect(dataOf(await subject.writeStore.loadStream(stream('s', 'a')))).toEqual(['{"text":"a"}']);
  });

  test('an event that cannot be read says which, of what stream, and where', async (subject) => {
    await subject.writeStore.commit({ entries: [namedAppend('s', ['1']), append('s', 1, ['{}'])] });
    const [, unknown] = await subject.writeStore.loadStream(stream('s'));
    const reading = unitsOn(subject).run({ meta: meta() }, (session) => session.load('s'));
    await expect(reading).rejects.toMatchObject({
      code: 'unreadable-message',
      details: { wireName: 'test.Happened', stream: 's', version: 2, position: unknown?.position },
    });
  });
}

function countingLoads<Native>(store: WriteStore<Native>) {
  let loads = 0;
  const loadStream: typeof store.loadStream = (...input) => {
    loads++;
    return store.loadStream(...input);
  };
  return { store: storeWith(store, { loadStream }), loads: () => loads };
}
