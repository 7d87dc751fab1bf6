import { positionAt } from '@diptych/core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  clusterPlace,
  type RedisGround,
  type RedisPlace,
  redisGround,
  redisProgram,
} from '../../fixtures/redis-server.js';

const leaseInMs = 100_000;
const at = (row: number) => positionAt(row, 0);

/** What names of keys mean something by, what members are parted by, what encodings lose, and what is long. */
const texts = [
  '',
  ' ',
  '{a}',
  '}{',
  'a|b',
  '|',
  '-1|',
  'a\u0000',
  'a',
  '\u0000\u0001\u2028\ufeff',
  '*?[x]',
  '__proto__',
  '=',
  'größer/than "life"\r\n\t',
  '日本 😀',
  '\ud800',
  '\uf8ff0000',
  'x'.repeat(1_000),
  '😀'.repeat(500),
];

describe.skipIf(redisProgram === undefined)('texts of any kind in Redis', () => {
  let place: RedisPlace;
  let ground: RedisGround;
  beforeAll(async () => {
    place = await clusterPlace();
  });
  afterAll(() => place?.close());
  beforeEach(async () => {
    ground = await redisGround(place.connection);
  });
  afterEach(() => ground?.close());

  test('are keys that stay apart, and come back as they were', async () => {
    const store = ground.database.subscriptions;
    const subscription = 'orders/v1';
    const ownership = await store.seize({ subscription, partition: 3, owner: 'a', leaseInMs });
    const failure = { code: 'broken', message: '\ud800 "\u0000\n', attempts: 1, delayInMs: 0 };
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
    const discarded = texts.map((key, row) => ({ partition: 3, key, position: at(row) }));
    expect(await store.discarded(subscription)).toEqual(discarded);
  });

  test('are names of subscriptions and owners, entries and evidence; all of a subscription is in one slot', async () => {
    const store = ground.database.subscriptions;
    const failure = { code: 'broken', message: '', attempts: 1, delayInMs: undefined };
    for (const text of texts) {
      const request = { subscription: text, owner: text, partitions: [0, -1], leaseInMs };
      const { owned, owners } = await store.acquire(request);
      expect([owned.length, owners]).toEqual([2, 1]);
      const checkpoint = { position: at(1), entryId: text, evidence: text };
      expect(await store.advance([{ ownership: owned[0]!, checkpoint }])).toEqual(['advanced']);
      const message = { key: text, position: at(1), messageId: 'm', name: 'n', failure };
      expect(await store.park(owned[1]!, [message])).toBe('parked');
      const states = await (await ground.again()).subscriptions.state(text);
      expect(states.map(({ owner, checkpoint: to, parkedKeys }) => [owner, to, parkedKeys])).toEqual([
        [text, undefined, 1],
        [text, checkpoint, 0],
      ]);
    }
    const parked = await store.listParked({});
    expect(new Set(parked.map(({ subscription }) => subscription))).toEqual(new Set(texts));
    expect((await store.listParked({ limit: 3 })).length).toBe(3);
    for (const text of texts) await store.forget(text);
    expect(await store.listParked({})).toEqual([]);
  });
});
