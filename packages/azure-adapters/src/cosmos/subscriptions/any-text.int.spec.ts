import { positionAt } from '@diptych/core';
import { describe, expect, test } from 'vitest';
import { cosmosGround } from '../../fixtures/cosmos-subscriptions.js';

const leaseInMs = 1_000;
const at = (row: number) => positionAt(row, 0);

/** What ids may not have, what query text means something by, what JSON and encodings lose, and what is long. */
const texts = [
  '',
  ' ',
  'a/b\\c?d#e',
  `' OR 1 = 1 --`,
  '"]} or true',
  '@partition',
  '__proto__',
  'größer/than "life"\n\t',
  '日本 😀',
  '\u0000\u2028\ufeff',
  '\ud800',
  'x'.repeat(1_000),
  '😀'.repeat(500),
];

describe('texts of any kind on Cosmos DB', () => {
  test('are keys that stay apart, and come back as they were', async () => {
    const ground = await cosmosGround();
    const store = ground.store();
    const subscription = 'orders/v1';
    const ownership = await store.seize({ subscription, partition: 0, owner: 'a', leaseInMs });
    const failure = { code: 'broken', message: '\ud800 "\u0000', attempts: 1, delayInMs: 0 };
    const messages = texts.map((text, row) => ({
      key: text,
      position: at(row),
      messageId: text,
      name: text,
      failure,
    }));
    await store.park(ownership, messages);
    expect(await store.gatedKeys(ownership)).toEqual(new Set(texts));
    expect(await store.ready(ownership, 100)).toMatchObject(messages);
    for (const [row, key] of texts.entries()) {
      expect(await store.listParked({ subscription, key })).toMatchObject([{ key, position: at(row) }]);
      expect(await store.listParked({ messageId: key })).toMatchObject([{ key, position: at(row) }]);
      expect(await store.discardParked(ownership, key, at(row))).toBe('gate-lifted');
    }
    const discarded = texts.map((key, row) => ({ partition: 0, key, position: at(row) }));
    expect(await store.discarded(subscription)).toEqual(discarded);
    await ground.close();
  });

  test('are names of subscriptions and owners, entries and evidence', async () => {
    const ground = await cosmosGround();
    const store = ground.store();
    for (const text of texts) {
      const request = { subscription: text, owner: text, partitions: [0, 1], leaseInMs };
      const { owned, owners } = await store.acquire(request);
      expect([owned.length, owners]).toEqual([2, 1]);
      const checkpoint = { position: at(1), entryId: text, evidence: text };
      expect(await store.advance([{ ownership: owned[0]!, checkpoint }])).toEqual(['advanced']);
      const states = await ground.store().state(text);
      expect(states.map(({ owner, checkpoint: to }) => [owner, to])).toEqual([
        [text, checkpoint],
        [text, undefined],
      ]);
    }
    await ground.close();
  });

  test('copies of messages come back whole, also when a few fill a batch', async () => {
    const ground = await cosmosGround();
    const store = ground.store();
    const subscription = 'orders/v1';
    const ownership = await store.seize({ subscription, partition: 0, owner: 'a', leaseInMs });
    const messages = Array.from({ length: 5 }, (_, row) => ({
      key: 'k',
      position: at(row),
      messageId: `m${row}`,
      name: 'test.Happened',
      copy: { data: `${row}${'ü"'.repeat(200_000)}` } as never,
      failure: undefined,
    }));
    expect(await store.park(ownership, messages)).toBe('parked');
    const parked = await store.listParked({ subscription });
    expect(parked.map(({ copy }) => copy)).toEqual(messages.map(({ copy }) => copy));
    await ground.close();
  });

  test('a copy that is larger than an item may be is refused, and nothing of the call is parked', async () => {
    const ground = await cosmosGround();
    const store = ground.store();
    const subscription = 'orders/v1';
    const ownership = await store.seize({ subscription, partition: 0, owner: 'a', leaseInMs });
    const parked = (bytes: number) => [
      {
        key: 'k',
        position: at(1),
        messageId: 'm',
        name: 'n',
        copy: 'x'.repeat(bytes) as never,
        failure: undefined,
      },
    ];
    await expect(store.park(ownership, parked(2_000_000))).rejects.toMatchObject({
      code: 'message-too-large',
    });
    expect(await store.listParked({ subscription })).toEqual([]);
    expect(await store.park(ownership, parked(1_990_000))).toBe('parked');
    await ground.close();
  });
});
