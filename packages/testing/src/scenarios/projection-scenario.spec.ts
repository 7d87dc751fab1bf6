import { defineProjection, event, On, Projection, projection } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { projectionScenario } from './projection-scenario.js';
import { inStream } from './recorded.js';

class Opened extends event('scenario.Opened', z.object({ account: z.string() })) {}
class Deposited extends event('scenario.Deposited', z.object({ account: z.string(), amount: z.number() })) {}
class Closed extends event('scenario.Closed', z.object({ account: z.string() })) {}

interface Account {
  readonly account: string;
  readonly balance: number;
}

@Projection({ name: 'accounts', version: 1 })
class Accounts extends projection<Account>() {
  @On(Opened, ({ account }) => account)
  opened({ account }: Opened): Account {
    return { account, balance: 0 };
  }

  @On(Deposited, ({ account }) => account)
  deposited({ account, amount }: Deposited, document: Account | undefined): Account {
    return { account, balance: (document?.balance ?? 0) + amount };
  }

  @On(Closed, ({ account }) => account)
  closed(): null {
    return null;
  }
}

// Last writer wins: wrong as soon as two partitions feed one document.
const lastAmount = defineProjection<{ amount: number }>({ name: 'last-amount', version: 1 }).on(
  Deposited,
  ({ account }) => account,
  ({ amount }) => ({ amount }),
);

const opened = new Opened({ account: 'a' });
const deposited = (amount: number) => new Deposited({ account: 'a', amount });

describe('a projection scenario', () => {
  test('compares the documents that the events make', async () => {
    await projectionScenario(Accounts)
      .given(opened, deposited(3))
      .thenDocuments({ a: { account: 'a', balance: 3 } });
    await projectionScenario(Accounts)
      .given(opened, new Closed({ account: 'a' }))
      .thenNothing();
  });

  test('fails when the documents are others, and says after which events', async () => {
    const wrong = projectionScenario(Accounts).given(opened, deposited(3)).thenDocuments({});
    await expect(wrong).rejects.toThrow('scenario-1/1 scenario.Opened, scenario-1/2 scenario.Deposited');
  });

  test('promise 3: delivers every event twice on request, and each counts once', async () => {
    const scenario = projectionScenario(Accounts).given(opened, deposited(3), deposited(4));
    await scenario.everyEventTwice().thenDocuments({ a: { account: 'a', balance: 7 } });
  });

  test('tries any interleaving of partitions: sums hold', async () => {
    const streams = [
      inStream('one', deposited(1), deposited(2)),
      inStream('two', deposited(4)),
      inStream('three', deposited(8)),
    ];
    const scenario = projectionScenario(Accounts).given(...streams);
    await scenario
      .inAnyInterleaving()
      .everyEventTwice()
      .thenDocuments({ a: { account: 'a', balance: 15 } });
  });

  test('tries any interleaving of partitions: finds a document that depends on their order', async () => {
    const scenario = projectionScenario(lastAmount).given(
      inStream('one', deposited(1)),
      inStream('two', deposited(2)),
    );
    await scenario.thenDocuments({ a: { amount: 2 } });
    await expect(scenario.inAnyInterleaving().thenDocuments({ a: { amount: 2 } })).rejects.toThrow(
      'two/1 scenario.Deposited, one/1',
    );
  });

  test('a date that a fold gives is a text in the document, as in a store', async () => {
    const at = new Date('2030-01-01T00:00:00Z');
    const dated = defineProjection<{ at: unknown; note?: string | undefined }>({
      name: 'dated',
      version: 1,
    }).on(
      Opened,
      ({ account }) => account,
      () => ({ at, note: undefined }),
    );
    const scenario = projectionScenario(dated).given(opened);
    await scenario.thenDocuments({ a: { at: at.toISOString(), note: undefined } });
    await expect(scenario.thenDocuments({ a: { at } })).rejects.toThrow('The documents differ');
  });

  test('gives the error of an event that cannot be folded', async () => {
    const breaks = defineProjection<{ n: number }>({ name: 'breaks', version: 1 }).on(
      Opened,
      ({ account }) => account,
      () => {
        throw new Error('no fold');
      },
    );
    expect(await projectionScenario(breaks).given(opened).thenFails()).toMatchObject({ message: 'no fold' });
    await expect(projectionScenario(Accounts).given(opened).thenFails()).rejects.toThrow(
      'Every event could be folded',
    );
  });
});
