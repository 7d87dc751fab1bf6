import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Deadlines } from '../../clock/deadlines.js';
import { ManualClock } from '../../clock/manual-clock.js';
import { Account } from '../account/account.js';
import type { ItemContainer } from './item-container.js';
import { readPartitionKey } from './partition-key.js';
import { WriteUnit } from './write-unit.js';

const lagInMs = 10;

function emptyContainer(lag = lagInMs): { clock: ManualClock; container: ItemContainer } {
  const clock = new ManualClock(0);
  const account = new Account({ clock, deadlines: new Deadlines(clock), lag: { inMs: lag } });
  account.createDatabase({ id: 'd' }, undefined);
  const definition = { id: 'c', partitionKey: { paths: ['/pk'] }, defaultTtl: -1 };
  return { clock, container: account.createContainer('d', definition, undefined).items };
}

const key = readPartitionKey('["p"]', 1);

function write(container: ItemContainer, id: string, n: number | undefined, ttl?: number): void {
  const unit = new WriteUnit(container, key);
  if (n === undefined) unit.remove(id);
  else unit.write({ id, pk: 'p', n, ...(ttl !== undefined && { ttl }) });
  unit.commit();
}

const ids = ['a', 'b', 'c'];
const seen = (container: ItemContainer, lsn: number) =>
  Object.fromEntries(ids.map((id) => [id, container.at(lsn, key, id)?.body.n]));

test('each state is there as it was until the replica furthest behind has passed it', () => {
  const step = fc.record({
    id: fc.constantFrom(...ids),
    n: fc.option(fc.nat(9), { nil: undefined }),
    pause: fc.nat(15),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const { clock, container } = emptyContainer();
      const states = new Map<number, unknown>([[0, seen(container, 0)]]);
      for (const { id, n, pause } of steps) {
        if (n !== undefined || container.current(key, id) !== undefined) write(container, id, n);
        states.set(container.lsn, seen(container, container.lsn));
        clock.advance(pause);
        for (let lsn = container.replicatedLsn; lsn <= container.lsn; lsn++) {
          expect(seen(container, lsn)).toEqual(states.get(lsn));
        }
      }
    }),
  );
});

test('the replica furthest behind has the writes that are as old as the lag', () => {
  const { clock, container } = emptyContainer();
  write(container, 'a', 1);
  clock.advance(4);
  write(container, 'a', 2);
  clock.advance(5);
  expect(container.replicatedLsn).toBe(0);
  clock.advance(1);
  expect(container.replicatedLsn).toBe(1);
  clock.advance(4);
  expect(container.replicatedLsn).toBe(2);
});

test('nothing is kept of what is gone: deleted, replaced or expired', () => {
  const { clock, container } = emptyContainer();
  for (let round = 0; round < 100; round++) {
    for (const id of ids) write(container, `${id}${round}`, round, 1);
    write(container, `a${round}`, undefined);
    clock.advance(2000);
  }
  write(container, 'last', 1);
  clock.advance(lagInMs);
  write(container, 'last', 2);
  expect(container.orders.byWrite.size).toBe(1);
  expect(container.orders.byCreation.size).toBe(1);
  expect(container.partitionsOf(key).map(({ slots }) => [...slots.keys()])).toEqual([['last']]);
});

test('a partition is gone with its last item', () => {
  const { container } = emptyContainer(0);
  write(container, 'a', 1);
  write(container, 'a', undefined);
  expect(container.partitionsOf(key)).toEqual([]);
});
