import fc from 'fast-check';
import rhea from 'rhea';
import { describe, expect, test } from 'vitest';
import { ServiceBusError } from '../errors/service-bus-error.js';
import { decodeTransfer } from './transfer.js';

const message = (body: unknown) => rhea.message.encode({ body, message_id: 'one' });
const envelope = (...messages: readonly Buffer[]) =>
  rhea.message.encode({ body: rhea.message.data_sections([...messages]) });
const batch = 0x80013700;

describe('a transfer', () => {
  test('holds one message, or those of a batch', () => {
    expect(decodeTransfer(message('x'), 0).map(({ messageId }) => messageId)).toEqual(['one']);
    expect(decodeTransfer(envelope(message('x'), message('y')), batch)).toHaveLength(2);
  });

  test.each([
    ['of an unknown format', message('x'), 7],
    ['of no message', Buffer.from('not a message'), 0],
    ['cut off', message('x').subarray(0, -3), 0],
    ['whose batch holds no message', envelope(Buffer.from('no message')), batch],
    ['whose batch is none', Buffer.from('no batch'), batch],
  ])('%s is refused with a reason', (_what, bytes, format) => {
    expect(() => decodeTransfer(bytes, format)).toThrow(ServiceBusError);
  });

  test('of whatever bytes is refused or taken, and never a fault of the emulator’s own', () => {
    const damaged = fc
      .tuple(fc.uint8Array({ maxLength: 60 }), fc.nat(40), fc.boolean())
      .map(([noise, at, isCut]) => {
        const good = message({ a: [1, null] });
        const head = good.subarray(0, Math.min(at, good.length));
        return Buffer.concat([
          head,
          Buffer.from(noise),
          isCut ? Buffer.alloc(0) : good.subarray(head.length),
        ]);
      });
    fc.assert(
      fc.property(damaged, fc.constantFrom(0, batch), (bytes, format) => {
        try {
          decodeTransfer(bytes, format);
        } catch (error) {
          expect(error).toBeInstanceOf(ServiceBusError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
