import { memoryDatabase } from '@diptych/core/memory';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../clock/system-clock.js';
import { event } from '../messages/event.js';
import { MessageRegistry } from '../messages/message-registry.js';
import { UnitOfWork } from './unit-of-work.js';

class Counted extends event('test.Counted', z.object({ by: z.number() })) {}

function registry() {
  const made = new MessageRegistry();
  made.add(Counted);
  return made;
}

const meta = {
  id: 'message-1',
  name: 'test.Count',
  schemaVersion: 1,
  time: '2030-01-01T00:00:00.000Z',
  correlationId: 'correlation-1',
  causationId: 'message-1',
  tenant: 'default',
  subject: { id: 'ada', roles: [] },
};

describe('UnitOfWork', () => {
  test('what was appended is seen, and committed', async () => {
    const database = memoryDatabase();
    const units = new UnitOfWork({
      store: database.writeStore,
      registry: registry(),
      source: 'test',
      clock: systemClock,
    });
    const answer = await units.run({ meta: { ...meta, source: 'test' } }, async (session) => {
      session.append('counter', 'none', [new Counted({ by: 1 })]);
      const { version, events } = await session.load('counter');
      return { version, events };
    });
    expect(answer).toMatchObject({ kind: 'done', result: { version: 1, events: [{ by: 1 }] }, ranges: [{}] });
    const stored = await database.writeStore.loadStream({ tenant: 'default', name: 'counter' });
    expect(stored).toMatchObject([{ version: 1, causationId: 'message-1', data: '{"by":1}' }]);
  });
});
