import { describe, expect, it } from 'vitest';
import { commandHandler } from '../commands/command-handler.js';
import { command } from '../messages/command.js';
import { event } from '../messages/event.js';
import { query } from '../messages/query.js';
import { auditHandlers } from './handler-audit.js';
import { anyone } from './policy.js';

class Place extends command('spec.Place') {}
class Cancel extends command('spec.Cancel') {}
const place = commandHandler(Place, { authorize: anyone }, () => undefined);

describe('the audit of handlers', () => {
  it('finds nothing where each message has one handler with a policy', () => {
    expect(auditHandlers([place], [Place, event('spec.Placed')])).toEqual([]);
  });

  it('promise 9: finds handlers without a policy', () => {
    const open = commandHandler(Cancel, {}, () => undefined);
    expect(auditHandlers([place, open])).toMatchObject([
      { code: 'policy-missing', details: { wireName: 'spec.Cancel', handler: 'spec.Cancel' } },
    ]);
  });

  it('finds two handlers for a command and names both', () => {
    const second = commandHandler(Place, { authorize: anyone }, () => undefined);
    expect(auditHandlers([place, second])).toMatchObject([
      { code: 'handler-duplicate', details: { handlers: ['spec.Place', 'spec.Place'] } },
    ]);
  });

  it('finds commands and queries that nobody handles', () => {
    expect(auditHandlers([place], [Place, Cancel, query('spec.Find')])).toMatchObject([
      { code: 'no-handler', details: { wireName: 'spec.Cancel' } },
      { code: 'no-handler', details: { wireName: 'spec.Find' } },
    ]);
  });
});
