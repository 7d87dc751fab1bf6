import { memoryTransport } from '@diptych/core/memory';
import { contractNotRun, subscriptionContract, subscriptionStoreContract } from '@diptych/testing/contracts';
import { afterAll } from 'vitest';
import { closeTestPool, notRun, serverUrl, sqlGround } from '../fixtures/sql-server.js';

afterAll(closeTestPool);

function running(transport?: { readonly ordered: boolean }) {
  return async () => {
    const { database, clock, advanceTime, close } = await sqlGround();
    const { writeStore, reader, subscriptions: store } = database;
    return {
      writeStore,
      reader,
      store,
      clock,
      advanceTime,
      close,
      ...(transport && { transport: memoryTransport({ clock, ...transport }) }),
    };
  };
}

if (serverUrl === undefined) {
  for (const port of ['subscription store', 'subscription']) contractNotRun({ port, adapter: 'sql' }, notRun);
} else {
  subscriptionStoreContract('sql', {
    async open() {
      const { database, advanceTime, close } = await sqlGround();
      return { store: database.subscriptions, advanceTime, close };
    },
  });
  subscriptionContract('sql', { open: running() });
  subscriptionContract('sql, ordered transport', { open: running({ ordered: true }) });
}
