import { OutcomeUnknownError, RefusedError, type Session, type WriteStore } from '@diptych/core';
import { expect } from 'vitest';
import { everything } from './contract-envelopes.js';
import { storeWith } from './store-with.js';
import { claimOf, meta, note, nothing, type UnitOfWorkSuite, unitsOn } from './unit-of-work-fixture.js';
import { type WriteSideSubject } from './write-side-subject.js';

/** Commands that come twice. */
export function claims<Native>({ test }: UnitOfWorkSuite<Native>): void {
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

/** Commits that nobody answered. */
export function unknownOutcomes<Native>({ test }: UnitOfWorkSuite<Native>): void {
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
