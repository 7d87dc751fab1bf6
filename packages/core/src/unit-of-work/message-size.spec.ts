import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Envelope } from '../messages/envelope.js';
import { assertFits } from './message-size.js';

function envelope(data: string, facts: Partial<Envelope> = {}): Envelope {
  return {
    kind: 'event',
    id: 'e',
    name: 'test.Happened',
    schemaVersion: 1,
    time: '2030-01-01T00:00:00.000Z',
    correlationId: 'c',
    causationId: 'c',
    tenant: 'default',
    subject: { id: '', roles: [] },
    source: 'test',
    data,
    ...facts,
  };
}

const bytesOf = (one: Envelope) => new TextEncoder().encode(JSON.stringify(one)).length;
const refused = expect.objectContaining({ code: 'message-too-large', retryable: false });

describe('assertFits', () => {
  test('the limit is in bytes of the envelope as JSON, exactly', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const message = envelope(JSON.stringify(text));
        const bytes = bytesOf(message);
        assertFits(message, bytes);
        expect(() => assertFits(message, bytes - 1)).toThrow(refused);
      }),
      { numRuns: 50 },
    );
  });

  test('a long name or many roles count as well as the data', () => {
    const named = envelope('{}', { name: 'n'.repeat(20_000) });
    const many = envelope('{}', { subject: { id: '', roles: new Array(5_000).fill('role') } });
    for (const large of [named, many]) expect(() => assertFits(large, 10_000)).toThrow(refused);
  });

  test('without a limit everything fits', () => {
    assertFits(envelope('x'.repeat(1_000_000)), undefined);
  });
});
