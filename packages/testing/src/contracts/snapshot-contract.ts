import type { Snapshot, SnapshotStore } from '@diptych/core';
import { expect } from 'vitest';
import { type ContractFactory, type ContractSubject, contract } from './contract.js';

export interface SnapshotStoreSubject extends ContractSubject {
  readonly snapshots: SnapshotStore;
}

function snapshot(facts: Partial<Snapshot> = {}): Snapshot {
  return {
    stream: { tenant: 'default', name: 's' },
    name: 'stock',
    schemaVersion: 1,
    version: 3,
    eventId: 'e-3',
    state: '{"onHand":3}',
    ...facts,
  };
}

/** What `SnapshotStore` means. */
export function snapshotContract(adapter: string, factory: ContractFactory<SnapshotStoreSubject>): void {
  contract('snapshot store', adapter, factory, ({ test }) => {
    test('missing: none where none was saved', async ({ snapshots }) => {
      expect(await snapshots.load(snapshot())).toBeUndefined();
      await snapshots.delete(snapshot());
    });

    test('save and load: as it was, unicode included', async ({ snapshots }) => {
      const saved = snapshot({ state: JSON.stringify({ text: 'ä 日本 🧾 "\\', nested: [1, null] }) });
      await snapshots.save(saved);
      expect(await snapshots.load(saved)).toEqual(saved);
    });

    test('saving again replaces, also by an older version: its stream may have been restored', async ({
      snapshots,
    }) => {
      for (const version of [3, 9, 5]) await snapshots.save(snapshot({ version, eventId: `e-${version}` }));
      expect(await snapshots.load(snapshot())).toEqual(snapshot({ version: 5, eventId: 'e-5' }));
    });

    test('stale schema ignored: each schema version has its own', async ({ snapshots }) => {
      await snapshots.save(snapshot({ schemaVersion: 1, version: 9 }));
      expect(await snapshots.load(snapshot({ schemaVersion: 2 }))).toBeUndefined();
      await snapshots.save(snapshot({ schemaVersion: 2, version: 4 }));
      expect((await snapshots.load(snapshot({ schemaVersion: 1 })))?.version).toBe(9);
      expect((await snapshots.load(snapshot({ schemaVersion: 2 })))?.version).toBe(4);
    });

    test('tenantIsolation, and odd names: each stream and name has its own', async ({ snapshots }) => {
      const keys = ['s', 'S', 's ', 'ä', 'a\u0308', '["s"]', '🧾'].flatMap((name) => [
        snapshot({ stream: { tenant: 'default', name } }),
        snapshot({ stream: { tenant: name, name: 'other' } }),
        snapshot({ stream: { tenant: 'default', name: 'named' }, name }),
      ]);
      const saved = keys.map((key, number) => ({ ...key, version: number + 1 }));
      for (const one of saved) await snapshots.save(one);
      for (const one of saved) expect(await snapshots.load(one)).toEqual(one);
    });

    test('delete: takes every schema version, and nothing of other streams or names', async ({
      snapshots,
    }) => {
      const others = [snapshot({ name: 'other' }), snapshot({ stream: { tenant: 'default', name: 't' } })];
      for (const one of [...others, snapshot(), snapshot({ schemaVersion: 2 })]) await snapshots.save(one);
      await snapshots.delete(snapshot());
      expect([
        await snapshots.load(snapshot()),
        await snapshots.load(snapshot({ schemaVersion: 2 })),
      ]).toEqual([undefined, undefined]);
      for (const one of others) expect(await snapshots.load(one)).toEqual(one);
    });
  });
}
