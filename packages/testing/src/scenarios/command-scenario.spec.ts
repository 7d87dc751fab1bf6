import { command, commandHandler, decider, event, handleWith, hasRole, RefusedError } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { commandScenario } from './command-scenario.js';
import { deciderScenario } from './decider-scenario.js';
import { inStream } from './recorded.js';

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
