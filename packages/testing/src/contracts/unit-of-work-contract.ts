import {
  type ClaimRequest,
  command,
  currentSession,
  event,
  findOpenSession,
  isDiptychError,
  type MessageMeta,
  MessageRegistry,
  OutcomeUnknownError,
  RefusedError,
  type Schema,
  type Session,
  UnitOfWork,
  type WriteStore,
} from '@diptych/core';
import { expect } from 'vitest';
import { type ContractSuite, contract } from './contract.js';
import { append, dataOf, envelope, everything } from './contract-envelopes.js';
import { CrashedError, type CrashPlan, crashingStore } from './crashing-store.js';
import { storeWith } from './store-with.js';
import type { WriteSideCapability, WriteSideFactory, WriteSideSubject } from './write-side-subject.js';

type Suite<Native> = ContractSuite<WriteSideSubject<Native>, WriteSideCapability>;

// A schema by hand, so that the suites need no schema library.
const texts: Schema<{ text: string }> = {
  '~standard': {
    version: 1,
    vendor: 'contract',
    validate: (value) => ({ value: value as { text: string } }),
  },
};

class Noted extends event('test.Noted', texts) {}
class Do extends command('test.Do', texts) {}

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

function unitsOn<Native>(
  { clock, writeStore }: WriteSideSubject<Native>,
  store: WriteStore<Native> = writeStore,
): UnitOfWork<Native> {
  const registry = new MessageRegistry();
  registry.add(Noted);
  return new UnitOfWork({ store, registry, source: 'contract', clock });
}

function meta(facts: Partial<MessageMeta> = {}): MessageMeta {
  const { kind: _kind, data: _data, ...rest } = envelope({ id: 'command-1', name: 'test.Handle', ...facts });
  return rest;
}

function claimOf(id = 'command-1', facts: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    key: { tenant: 'default', handler: 'command:test.Handle', scope: '', id, fingerprint: 'f' },
    waitInMs: 60_000,
    rememberForMs: 3_600_000,
    remember: true,
    encodeResult: (result) => JSON.stringify(result),
    ...facts,
  };
}

const note = (text: string) => new Noted({ text });
const stream = (name: string, tenant = 'default') => ({ tenant, name });
const textsOf = (events: readonly unknown[]) => events.map((one) => (one as Noted).text);
const nothing = async () => {};

function oneTransaction<Native>({ test }: Suite<Native>): void {
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

function sessions<Native>({ test }: Suite<Native>): void {
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

function streams<Native>({ test }: Suite<Native>): void {
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

// Events that the suite's registry knows.
function namedAppend(name: string, texts: readonly string[]) {
  const events = texts.map((text) => envelope({ name: 'test.Noted', data: JSON.stringify({ text }) }));
  return { ...append(name, 'any', []), events };
}

function countingLoads<Native>(store: WriteStore<Native>) {
  let loads = 0;
  const loadStream: typeof store.loadStream = (...input) => {
    loads++;
    return store.loadStream(...input);
  };
  return { store: storeWith(store, { loadStream }), loads: () => loads };
}

function endings<Native>({ test, capability }: Suite<Native>): void {
  test('promise 8: a session past its time limit is rolled back and says why, with a transaction or without', async (subject) => {
    const { reader, putRow, readRow } = subject;
    const units = unitsOn(subject);
    const slow = (withNative: boolean) =>
      units.run({ meta: meta(), timeLimitInMs: 200 }, async (session) => {
        if (withNative) await putRow(await session.native(), 'r', 'row');
        session.append('s', 'none', [note('late')]);
        await subject.advanceTime(400);
      });
    for (const withNative of [true, false]) {
      const error = await slow(withNative).catch((thrown: unknown) => thrown);
      expect(isDiptychError(error, 'time-limit') && error.message).toContain('200 ms');
    }
    expect([await readRow('r'), await everything(reader)]).toEqual([undefined, []]);
    await units.run({ meta: meta() }, async (session) => session.append('s', 'none', [note('free')]));
  });

  test('a unit that is given up answers at once, commits nothing and lets the next one in', async (subject) => {
    const { reader, putRow, readRow } = subject;
    const units = unitsOn(subject);
    const abort = new AbortController();
    let goOn = () => {};
    let inside: Promise<unknown> = Promise.resolve();
    const given = units.run(
      { meta: meta(), claim: claimOf(), abortSignal: abort.signal },
      async (session) => {
        await putRow(await session.native(), 'r', 'row');
        inside = new Promise<void>((resolve) => {
          goOn = resolve;
        }).then(() => session.append('s', 'none', [note('too late')]));
        inside.catch(() => {});
        abort.abort();
        await inside;
      },
    );
    await expect(given).rejects.toMatchObject({ code: 'time-limit' });
    await units.run({ meta: meta(), claim: claimOf() }, async (session) =>
      session.append('s', 'none', [note('next')]),
    );
    goOn();
    await expect(inside).rejects.toMatchObject({ code: 'session-over' });
    expect([await readRow('r'), dataOf(await everything(reader))]).toEqual([undefined, ['{"text":"next"}']]);
  });

  test('a unit that was given up before it began does nothing', async (subject) => {
    let ran = false;
    const given = unitsOn(subject).run({ meta: meta(), abortSignal: AbortSignal.abort() }, async () => {
      ran = true;
    });
    await expect(given).rejects.toMatchObject({ code: 'time-limit' });
    expect(ran).toBe(false);
  });

  test('promise 1: a time-out after the final batch was sent waits for its end', async (subject) => {
    const abort = new AbortController();
    const store = storeWith(subject.writeStore, {
      commit(batch) {
        abort.abort();
        return subject.writeStore.commit(batch);
      },
    });
    const answer = await unitsOn(subject, store).run(
      { meta: meta(), abortSignal: abort.signal },
      async (session) => session.append('s', 'none', [note('done')]),
    );
    expect(answer.kind).toBe('done');
    expect(await subject.writeStore.loadStream(stream('s'))).toHaveLength(1);
  });

  test('afterCommitFailureKeepsCommit: what runs after the commit cannot undo it, and does not run without one', async (subject) => {
    const units = unitsOn(subject);
    const ran: string[] = [];
    const answer = await units.run({ meta: meta() }, async (session) => {
      session.append('s', 'none', [note('1')]);
      session.afterCommit(() => Promise.reject(new Error('after the fact')));
      session.afterCommit(
        async () => void ran.push(`saw ${(await subject.writeStore.loadStream(stream('s'))).length}`),
      );
    });
    expect([answer.kind, ran]).toEqual(['done', ['saw 1']]);
    const conflicting = units.run({ meta: meta() }, async (session) => {
      session.append('s', 'none', [note('2')]);
      session.afterCommit(() => void ran.push('never'));
    });
    await expect(conflicting).rejects.toMatchObject({ code: 'concurrency-conflict' });
    expect(ran).toHaveLength(1);
  });

  capability('message size limit', {
    has: () =>
      test('oversize: refused where it is appended or sent, before the commit', async (subject) => {
        const text = 'x'.repeat(subject.writeStore.options.maxMessageBytes ?? Number.NaN);
        await unitsOn(subject).run({ meta: meta() }, async (session) => {
          const tooLarge = expect.objectContaining({ code: 'message-too-large' });
          expect(() => session.append('s', 'none', [note(text)])).toThrow(tooLarge);
          expect(() => session.send(new Do({ text }))).toThrow(tooLarge);
          expect(() => session.schedule(new Do({ text }), { in: 1 })).toThrow(tooLarge);
        });
        expect(await everything(subject.reader)).toEqual([]);
      }),
    lacks: () =>
      test('oversize: the transport’s limit counts where the store has none', async (subject) => {
        const { clock, writeStore: store } = subject;
        const units = new UnitOfWork({
          store,
          registry: new MessageRegistry(),
          source: 'contract',
          clock,
          maxMessageBytes: 1_000,
        });
        const large = units.run({ meta: meta() }, async (session) =>
          session.append('s', 'none', [note('x'.repeat(1_000))]),
        );
        await expect(large).rejects.toMatchObject({ code: 'message-too-large' });
      }),
  });
}

function claims<Native>({ test }: Suite<Native>): void {
  const runs = () => {
    let count = 0;
    return { count: () => count, work: async () => ({ run: ++count }) };
  };

  test('promise 4: a copy gets the first result back and runs nothing', async (subject) => {
    const { count, work } = runs();
    const units = unitsOn(subject);
    await units.run({ meta: meta(), claim: claimOf() }, work);
    const copy = await units.run({ meta: meta({ id: 'copy' }), claim: claimOf() }, work);
    expect(copy).toEqual({
      kind: 'settled',
      command: { messageId: 'command-1', outcome: { kind: 'done', result: '{"run":1}' }, ranges: [] },
    });
    expect(count()).toBe(1);
  });

  test('promise 4: copies at the same time run once', async (subject) => {
    const { count, work } = runs();
    const units = unitsOn(subject);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => units.run({ meta: meta(), claim: claimOf() }, work)),
    );
    expect(answers.filter(({ kind }) => kind === 'done')).toHaveLength(1);
    expect(count()).toBe(1);
  });

  test('a result that must not be stored is not: only that the command ran', async (subject) => {
    await unitsOn(subject).run(
      { meta: meta(), claim: claimOf('command-1', { remember: false }) },
      async () => 'secret',
    );
    expect((await subject.writeStore.findSettled(claimOf().key))?.outcome).toEqual({ kind: 'done' });
  });

  test('promise 4: a refused command may be tried again; its rows are gone', async (subject) => {
    const units = unitsOn(subject);
    const refused = units.run({ meta: meta(), claim: claimOf() }, () =>
      Promise.reject(new RefusedError('no', 'No.')),
    );
    await expect(refused).rejects.toMatchObject({ code: 'no' });
    expect((await units.run({ meta: meta(), claim: claimOf() }, nothing)).kind).toBe('done');
  });

  test('a refusal of a queued command is recorded, alone, and settles it', async (subject) => {
    const units = unitsOn(subject);
    const claim = claimOf('command-1', { recordRefusals: true });
    const refused = units.run({ meta: meta(), claim }, async (session) => {
      session.append('s', 'none', [note('gone')]);
      throw new RefusedError('no-credit', 'No credit.', { details: { left: 3 } });
    });
    await expect(refused).rejects.toMatchObject({ code: 'no-credit' });
    expect(await units.run({ meta: meta(), claim }, nothing)).toEqual({
      kind: 'settled',
      command: {
        messageId: 'command-1',
        outcome: { kind: 'refused', code: 'no-credit', message: 'No credit.', details: { left: 3 } },
        ranges: [],
      },
    });
    expect(await everything(subject.reader)).toEqual([]);
    const broken = { meta: meta(), claim: claimOf('command-2', { recordRefusals: true }) };
    await expect(units.run(broken, () => Promise.reject(new Error('a fault, no refusal')))).rejects.toThrow(
      'a fault',
    );
    expect((await units.run(broken, nothing)).kind).toBe('done');
  });
}

function unknownOutcomes<Native>({ test }: Suite<Native>): void {
  // Its commits get no answer: `done` says whether the store wrote them all the same.
  const unanswered = (subject: WriteSideSubject<Native>, done: boolean): WriteStore<Native> => {
    const { writeStore } = subject;
    const silent = async (end: () => Promise<unknown>): Promise<never> => {
      await end();
      throw new OutcomeUnknownError('No answer came.');
    };
    return storeWith(writeStore, {
      commit: (batch) => silent(async () => done && writeStore.commit(batch)),
      async claim(key, options) {
        const claim = await writeStore.claim(key, options);
        if (claim.state === 'settled') return claim;
        const { transaction } = claim;
        return {
          state: 'claimed',
          transaction: {
            native: transaction.native,
            commit: (batch) => silent(() => (done ? transaction.commit(batch) : transaction.rollback())),
            rollback: () => transaction.rollback(),
          },
        };
      },
    });
  };
  const work = async (session: Session<Native>) => session.append('s', 'none', [note('1')]);

  test('promise 4: commitTimeoutResolvedById: a commit without an answer is looked up, and is done', async (subject) => {
    const answer = await unitsOn(subject, unanswered(subject, true)).run(
      { meta: meta(), claim: claimOf() },
      work,
    );
    const [stored] = await everything(subject.reader);
    expect(answer).toMatchObject({
      kind: 'done',
      ranges: [{ first: stored?.position, last: stored?.position }],
    });
  });

  test('promise 4: commitTimeoutResolvedById: or did not happen, and may be tried again', async (subject) => {
    const failing = unitsOn(subject, unanswered(subject, false)).run(
      { meta: meta(), claim: claimOf() },
      work,
    );
    await expect(failing).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    expect((await unitsOn(subject).run({ meta: meta(), claim: claimOf() }, work)).kind).toBe('done');
  });

  test('without a claim nobody can tell: outcome-unknown, never that nothing happened', async (subject) => {
    const failing = unitsOn(subject, unanswered(subject, true)).run({ meta: meta() }, work);
    await expect(failing).rejects.toMatchObject({ code: 'outcome-unknown' });
    expect(await everything(subject.reader)).toHaveLength(1);
  });
}

function crashes<Native>({ test }: Suite<Native>): void {
  test('promise 1: crashAtEveryAwait: all or nothing, and the same command again makes it all, once', async (subject) => {
    let crashed = true;
    for (let call = 1; crashed; call++) {
      for (const moment of ['before', 'after'] as const)
        crashed = await crashAndRepeat(subject, { call, moment });
    }
  });
}

async function crashAndRepeat<Native>(subject: WriteSideSubject<Native>, plan: CrashPlan): Promise<boolean> {
  const id = `${plan.moment}-${plan.call}`;
  const { store, step, hasCrashed } = crashingStore(subject.writeStore, plan);
  const request = { meta: meta({ id }), claim: claimOf(id), timeLimitInMs: 200 };
  const work = (through: typeof step) => async (session: Session<Native>) => {
    const { version } = await session.load(id);
    const native = await session.native();
    await through(() => subject.putRow(native, id, 'row'));
    session.append(id, version, [note(id)]);
    session.send(new Do({ text: id }), { key: id });
  };
  await unitsOn(subject, store)
    .run(request, work(step))
    .catch((error: unknown) => {
      if (!(error instanceof CrashedError)) throw error;
    });
  // The killed process ends nothing; the store notices in time.
  await subject.advanceTime(400);
  const effects = await effectsOf(subject, id);
  expect([
    { row: false, events: 0, commands: 0, marked: false },
    { row: true, events: 1, commands: 1, marked: true },
  ]).toContainEqual(effects);
  await unitsOn(subject).run(
    request,
    work((run) => run()),
  );
  expect(await effectsOf(subject, id)).toEqual({ row: true, events: 1, commands: 1, marked: true });
  return hasCrashed();
}

async function effectsOf<Native>({ writeStore, reader, readRow }: WriteSideSubject<Native>, id: string) {
  const commands = (await everything(reader)).filter((entry) => entry.kind === 'command' && entry.key === id);
  return {
    row: (await readRow(id)) !== undefined,
    events: (await writeStore.loadStream(stream(id))).length,
    commands: commands.length,
    marked: (await writeStore.findSettled(claimOf(id).key)) !== undefined,
  };
}
