import { type Session } from '@diptych/core';
import { expect } from 'vitest';
import { everything } from './contract-envelopes.js';
import { CrashedError, type CrashPlan, crashingStore } from './crashing-store.js';
import { claimOf, Do, meta, note, stream, type UnitOfWorkSuite, unitsOn } from './unit-of-work-fixture.js';
import { type WriteSideSubject } from './write-side-subject.js';

/** A process that dies at any of its calls. */
export function crashes<Native>({ test }: UnitOfWorkSuite<Native>): void {
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
