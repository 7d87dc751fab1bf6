import { isDiptychError, UnitOfWork } from '@diptych/core';
import { expect } from 'vitest';
import { dataOf, everything } from './contract-envelopes.js';
import { storeWith } from './store-with.js';
import {
  claimOf,
  Do,
  knownMessages,
  meta,
  note,
  stream,
  type UnitOfWorkSuite,
  unitsOn,
} from './unit-of-work-fixture.js';

/** Time limits, time-outs, sizes, and what comes after the commit. */
export function endings<Native>({ test, capability }: UnitOfWorkSuite<Native>): void {
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

  test('afterCommitHangs: nobody waits longer for it than for the unit, which is done', async (subject) => {
    const abort = new AbortController();
    const running = unitsOn(subject).run({ meta: meta(), abortSignal: abort.signal }, async (session) => {
      session.append('s', 'none', [note('done')]);
      session.afterCommit(() => {
        abort.abort();
        return new Promise(() => {});
      });
    });
    expect((await running).kind).toBe('done');
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
          registry: knownMessages(),
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
