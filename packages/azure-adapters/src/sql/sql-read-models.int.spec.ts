import { memoryTransport, type TransportFaults } from '@diptych/core/memory';
import {
  contractNotRun,
  projectionContract,
  projectionFaultsContract,
  readModelStoreContract,
} from '@diptych/testing/contracts';
import { afterAll } from 'vitest';
import { closeTestPool, notRun, serverUrl, sqlGround } from '../fixtures/sql-server.js';

afterAll(closeTestPool);

function ground(transport?: { readonly ordered: boolean; readonly faults?: TransportFaults }) {
  return async () => {
    const { database, clock, advanceTime, close } = await sqlGround({ maxDocumentBytes: 900 });
    const { writeStore, reader, subscriptions, readModels } = database;
    return {
      writeStore,
      reader,
      subscriptions,
      readModels,
      clock,
      advanceTime,
      close,
      ...(transport && { transport: memoryTransport({ clock, ...transport }) }),
    };
  };
}

if (serverUrl === undefined) {
  for (const port of ['read model store', 'projection', 'projections under faults'])
    contractNotRun({ port, adapter: 'sql' }, notRun);
} else {
  readModelStoreContract('sql', {
    async open() {
      const { database, advanceTime, close } = await sqlGround({ maxDocumentBytes: 1_000 });
      return { store: database.readModels, advanceTime, close };
    },
  });
  projectionContract('sql', { open: ground() });
  projectionContract('sql, ordered transport', { open: ground({ ordered: true }) });

  const faults = { duplicate: 0.2, drop: 0.2, delay: 0.2, loseSession: 0.1, failPublish: 0.1 };
  const seeds = Array.from({ length: process.env.DIPTYCH_LONG === '1' ? 30 : 2 }, (_, index) => index + 1);
  projectionFaultsContract('sql, ordered transport', {
    async open(seed: number) {
      const subject = await ground({ ordered: true, faults: { ...faults, seed } })();
      return { ...subject, endFaults: () => subject.transport?.faults.end() };
    },
    seeds,
  });
}
