import {
  anyone,
  ConcurrencyConflictError,
  command,
  commandHandler,
  decider,
  event,
  handleWith,
  hasRole,
  RefusedError,
} from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commandScenario } from './command-scenario.js';
import { deciderScenario } from './decider-scenario.js';
import { inStream } from './recorded.js';
import { dueAt, dueIn } from './written.js';

const quantity = z.object({ quantity: z.number().int() });
class Take extends command('depot.Take', quantity).returns<number>() {}
class Received extends event('depot.Received', quantity) {}
class Taken extends event('depot.Taken', quantity) {}

const depot = decider({
  initialState: () => 0,
  decide: ({ quantity }: Take, onHand): readonly (Received | Taken)[] => {
    if (quantity > onHand) throw new RefusedError('too-few', `There are ${onHand}.`);
    return quantity === 0 ? [] : [new Taken({ quantity })];
  },
  evolve: (onHand, event: Received | Taken) =>
    onHand + (event instanceof Taken ? -event.quantity : event.quantity),
});
const take = commandHandler(
  Take,
  { authorize: hasRole('system') },
  handleWith(depot, { stream: () => 'depot', result: ({ state }) => state }),
);
const received = new Received({ quantity: 5 });
const taken = new Taken({ quantity: 2 });

describe('a decider scenario', () => {
  const scenario = deciderScenario(depot);

  test('compares events, state, and nothing', () => {
    scenario
      .given(received)
      .when(new Take({ quantity: 2 }))
      .thenEvents(taken);
    scenario
      .given(received)
      .when(new Take({ quantity: 2 }))
      .thenState(3);
    scenario
      .given(received)
      .when(new Take({ quantity: 0 }))
      .thenNothing();
  });

  test('compares refusals by code or class', () => {
    scenario
      .given()
      .when(new Take({ quantity: 2 }))
      .thenFails('too-few');
    scenario
      .given()
      .when(new Take({ quantity: 2 }))
      .thenFails(RefusedError);
  });

  test('fails when it came out otherwise', () => {
    const going = scenario.given(received).when(new Take({ quantity: 2 }));
    expect(() => going.thenEvents()).toThrow();
    expect(() => going.thenEvents(received)).toThrow();
    expect(() => going.thenState(4)).toThrow();
    expect(() => going.thenFails('too-few')).toThrow('It went well');
    const refused = scenario.given().when(new Take({ quantity: 2 }));
    expect(() => refused.thenFails('other')).toThrow("the code 'too-few'");
  });

  test('tells two events of one shape apart', () => {
    expect(() =>
      scenario
        .given(received)
        .when(new Take({ quantity: 2 }))
        .thenEvents(new Received({ quantity: 2 })),
    ).toThrow();
  });
});

describe('a command scenario', () => {
  const scenario = commandScenario({ handlers: [take], messages: [Received, Taken] });

  test('compares what was appended, and the result', async () => {
    const going = scenario.given(inStream('depot', received)).when(new Take({ quantity: 2 }));
    await going.thenEvents(taken);
    await going.thenResult(3);
    await scenario
      .given(inStream('depot', received))
      .when(new Take({ quantity: 0 }))
      .thenNothing();
  });

  test('compares failures, a refused subject among them', async () => {
    await scenario.when(new Take({ quantity: 2 })).thenFails('too-few');
    const stranger = { id: 'stranger', roles: [] };
    await scenario.when(new Take({ quantity: 2 }), { subject: stranger }).thenFails('forbidden');
  });

  test('fails when it came out otherwise', async () => {
    const going = scenario.given(inStream('depot', received)).when(new Take({ quantity: 2 }));
    await expect(going.thenEvents()).rejects.toThrow();
    await expect(going.thenResult(2)).rejects.toThrow();
    await expect(going.thenFails('too-few')).rejects.toThrow('It went well');
    await expect(scenario.when(new Take({ quantity: 2 })).thenEvents()).rejects.toMatchObject({
      code: 'too-few',
    });
  });
});

class Reorder extends command('depot.Reorder', quantity) {}
class Check extends command('depot.Check', z.object({ what: z.string() })) {}
const twoDaysInMs = 2 * 24 * 60 * 60 * 1000;
const at = new Date('2030-02-01T00:00:00Z');

describe('a command scenario of a handler that sets other things in motion', () => {
  const check = commandHandler(Check, { authorize: anyone }, ({ what }, { session }) => {
    if (what === 'sends') session.send(new Reorder({ quantity: 1 }));
    if (what === 'schedules') session.schedule(new Reorder({ quantity: 1 }), { in: twoDaysInMs });
    if (what === 'schedules for a date') session.schedule(new Reorder({ quantity: 1 }), { at });
    if (what === 'changes its mind') {
      session.cancel(session.schedule(new Reorder({ quantity: 1 }), { in: twoDaysInMs }));
    }
    if (what === 'cancels') session.cancel('an older one');
    if (what === 'appends') session.append('shelf-1', 'any', [received]);
    if (what === 'conflicts') throw new ConcurrencyConflictError('Somebody else was first.', {});
  });
  const scenario = commandScenario({ handlers: [check], messages: [Received, Reorder] });
  const when = (what: string) => scenario.when(new Check({ what }));

  test('what was sent does not run, though its handler be there', async () => {
    const reorder = commandHandler(Reorder, { authorize: anyone }, ({ quantity }, { session }) => {
      session.append('orders', 'any', [new Received({ quantity })]);
    });
    const both = commandScenario({ handlers: [check, reorder], messages: [Received] });
    await both.when(new Check({ what: 'sends' })).thenSent(new Reorder({ quantity: 1 }));
    await both.when(new Check({ what: 'sends' })).thenEvents();
  });

  test('compares what was sent', async () => {
    await when('sends').thenSent(new Reorder({ quantity: 1 }));
    await when('sends').thenEvents();
    await expect(when('sends').thenSent(new Reorder({ quantity: 2 }))).rejects.toThrow();
    await expect(when('sends').thenSent()).rejects.toThrow();
    await when('schedules').thenSent();
  });

  test('compares what was scheduled, and when it is due where the expectation says so', async () => {
    await when('schedules').thenScheduled(new Reorder({ quantity: 1 }));
    await when('schedules').thenScheduled(dueIn(twoDaysInMs, new Reorder({ quantity: 1 })));
    await when('schedules for a date').thenScheduled(dueAt(at, new Reorder({ quantity: 1 })));
    await expect(when('schedules').thenScheduled(dueIn(1, new Reorder({ quantity: 1 })))).rejects.toThrow();
    await expect(when('sends').thenScheduled(new Reorder({ quantity: 1 }))).rejects.toThrow();
    await when('changes its mind').thenScheduled();
  });

  test.each(['sends', 'schedules', 'cancels', 'appends'])('%s: that is not nothing', async (what) => {
    await expect(when(what).thenNothing()).rejects.toThrow();
  });

  test('nothing is nothing, also what was scheduled and taken back', async () => {
    await when('does nothing').thenNothing();
    await when('changes its mind').thenNothing();
  });

  test('compares the stream where the expectation says it', async () => {
    await when('appends').thenEvents(received);
    await when('appends').thenEvents(inStream('shelf-1', received));
    await expect(when('appends').thenEvents(inStream('shelf-2', received))).rejects.toThrow();
  });

  test('ends with a conflict, instead of waiting for time that stands still', async () => {
    await when('conflicts').thenFails('concurrency-conflict');
  });
});

test('a subject may be named for every when of a command scenario', async () => {
  const scenario = commandScenario({ handlers: [take], messages: [Received, Taken] });
  const stranger = scenario.as({ id: 'stranger', roles: [] });
  await stranger.when(new Take({ quantity: 2 })).thenFails('forbidden');
  await stranger
    .given(inStream('depot', received))
    .when(new Take({ quantity: 2 }))
    .thenFails('forbidden');
  await scenario.when(new Take({ quantity: 2 })).thenFails('too-few');
});
