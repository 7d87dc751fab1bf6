import type { StandardSchemaV1 } from '@standard-schema/spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { command } from './command.js';
import { event } from './event.js';
import { definitionOf, revive } from './message.js';
import { decodeMessage, encodeData } from './message-codec.js';
import { MessageRegistry } from './message-registry.js';
import { query } from './query.js';
import { InvalidMessageError } from './schema.js';

const lines = z.object({ orderId: z.string(), lines: z.array(z.object({ quantity: z.number().int() })) });
class PlaceOrder extends command('spec.PlaceOrder', lines) {
  get total() {
    return this.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  }
}
const envelope = (name: string, data: string, schemaVersion = 1) => ({ name, schemaVersion, data });
const thrownBy = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown.');
};
// A schema that gives back exactly what it got, keys it does not know included.
const anything: StandardSchemaV1<Record<string, unknown>> = {
  '~standard': {
    version: 1,
    vendor: 'spec',
    validate: (value) => ({ value: value as Record<string, unknown> }),
  },
};

describe('a message', () => {
  it('has the data that its schema gave back', () => {
    class Rename extends command('spec.Rename', z.object({ name: z.string().trim() })) {}
    expect(new Rename({ name: ' Ann ' }).name).toBe('Ann');
  });

  it.each(['', 'a b', 'é', 'x'.repeat(201)])('refuses the wire name %j', (wireName) => {
    for (const make of [() => command(wireName), () => query(wireName), () => event(wireName)]) {
      expect(thrownBy(make)).toMatchObject({ code: 'wire-name-invalid' });
    }
  });

  it('refuses data that does not fit, with the path of each fault', () => {
    const error = thrownBy(
      () => new PlaceOrder({ orderId: '1', lines: [{ quantity: 1 }, { quantity: 0.5 }] }),
    );
    expect(error).toBeInstanceOf(InvalidMessageError);
    expect(error).toMatchObject({ code: 'invalid-message', faults: [{ path: ['lines', 1, 'quantity'] }] });
  });

  it('names no place where the whole of it does not fit', () => {
    expect(() => new PlaceOrder(null as never)).toThrow(
      /^'spec.PlaceOrder' does not fit its schema at 'orderId': /,
    );
    const Pair = command(
      'spec.Pair',
      z.object({ a: z.string() }).refine(() => false, 'no pair'),
    );
    expect(() => new Pair({ a: '' })).toThrow(/^'spec.Pair' does not fit its schema: no pair$/);
  });

  it('may leave its argument out where an empty one would do', () => {
    class List extends query('spec.List', z.object({ limit: z.number().default(10) })) {}
    expect(new List().limit).toBe(10);
  });

  it('refuses a schema that answers with a promise', () => {
    const Later = command('spec.Later', z.object({ id: z.string().refine(async () => true) }));
    expect(thrownBy(() => new Later({ id: '1' }))).toMatchObject({ code: 'schema-asynchronous' });
  });

  it('refuses a schema that gives no object', () => {
    const Text = command('spec.Text', z.string());
    expect(thrownBy(() => new Text('abc' as never))).toMatchObject({ code: 'schema-not-object' });
  });

  it('may be a union of shapes', () => {
    const Pay = command(
      'spec.Pay',
      z.discriminatedUnion('by', [
        z.object({ by: z.literal('card'), card: z.string() }),
        z.object({ by: z.literal('cash') }),
      ]),
    );
    expect(encodeData(new Pay({ by: 'card', card: '4711' }))).toBe('{"by":"card","card":"4711"}');
    expect(decodeMessage(Pay, envelope('spec.Pay', '{"by":"cash"}'))).toMatchObject({ by: 'cash' });
  });

  it('is the same message with a result, and leaves the one without untouched', () => {
    const Ask = query('spec.Ask');
    const result = z.object({ n: z.number() });
    expect(definitionOf(Ask.returns(result))?.resultSchema).toBe(result);
    expect(definitionOf(Ask)?.resultSchema).toBeUndefined();
  });
});

describe('reading a message back', () => {
  it('gives an instance with the methods of its class', () => {
    const sent = new PlaceOrder({ orderId: '1', lines: [{ quantity: 2 }, { quantity: 3 }] });
    const read = decodeMessage(PlaceOrder, envelope('spec.PlaceOrder', encodeData(sent)));
    expect(read).toBeInstanceOf(PlaceOrder);
    expect(read).toEqual(sent);
    expect(read?.total).toBe(5);
  });

  it('validates once', () => {
    let parsed = 0;
    const schema = z.object({ id: z.string().refine(() => ++parsed > 0) });
    class Counted extends command('spec.Counted', schema) {}
    decodeMessage(Counted, envelope('spec.Counted', '{"id":"1"}'));
    expect(parsed).toBe(1);
  });

  it.each([
    ['broken text', envelope('spec.PlaceOrder', '{"orderId":')],
    ['a newer schema version', envelope('spec.PlaceOrder', '{}', 2)],
  ])('says that %s cannot be read', (_what, encoded) => {
    expect(thrownBy(() => decodeMessage(PlaceOrder, encoded))).toMatchObject({ code: 'unreadable-message' });
  });

  it('lifts old events through every upcaster in between', () => {
    class Moved extends event('spec.Moved', z.object({ to: z.string(), by: z.string() }), {
      version: 3,
      upcast: [
        (data: { place: string }) => ({ to: data.place }),
        (data: { to: string }) => ({ ...data, by: 'nobody' }),
      ],
    }) {}
    expect(decodeMessage(Moved, envelope('spec.Moved', '{"place":"Rome"}', 1))).toMatchObject({
      to: 'Rome',
      by: 'nobody',
    });
    expect(decodeMessage(Moved, envelope('spec.Moved', '{"to":"Rome"}', 2))).toMatchObject({
      to: 'Rome',
      by: 'nobody',
    });
  });

  it('gives nothing for an event that an upcaster drops', () => {
    class Noise extends event('spec.Noise', z.object({}), { version: 3, upcast: [() => null, () => ({})] }) {}
    expect(decodeMessage(Noise, envelope('spec.Noise', '{}', 1))).toBeNull();
  });

  it('refuses an event whose version and upcasters do not agree', () => {
    expect(thrownBy(() => event('spec.Odd', z.object({}), { version: 2 }))).toMatchObject({
      code: 'upcasters-missing',
    });
  });

  it('says so when a class has a constructor of its own', () => {
    class Shifted extends command('spec.Shifted', z.object({ id: z.string() })) {
      constructor(id: string) {
        super({ id });
      }
    }
    expect(new Shifted('1').id).toBe('1');
    expect(thrownBy(() => revive(Shifted, { id: '1' }))).toMatchObject({ code: 'message-constructor' });
    // The one after it is not affected.
    expect(revive(PlaceOrder, { orderId: '2', lines: [] })).toMatchObject({ orderId: '2' });
  });
});

describe('prototype-polluting keys', () => {
  const polluted = '{"id":"1","__proto__":{"admin":true}}';

  it.each([polluted, '{"id":"1","constructor":{"name":"Object"}}'])(
    'in %s are refused as data of a message',
    (text) => {
      const Open = command('spec.Open', anything);
      expect(thrownBy(() => new Open(JSON.parse(text)))).toMatchObject({ code: 'invalid-message' });
      expect(thrownBy(() => decodeMessage(Open, envelope('spec.Open', text)))).toMatchObject({
        code: 'invalid-message',
      });
    },
  );

  it('that the schema drops change nothing', () => {
    class Strict extends command('spec.Strict', z.object({ id: z.string() })) {}
    const read = decodeMessage(Strict, envelope('spec.Strict', polluted)) as unknown as { admin?: boolean };
    expect(read).toBeInstanceOf(Strict);
    expect(read.admin).toBeUndefined();
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('the registry', () => {
  it('refuses a wire name that two messages use', () => {
    const registry = new MessageRegistry();
    registry.add(PlaceOrder);
    registry.add(PlaceOrder);
    expect(thrownBy(() => registry.add(command('spec.PlaceOrder', z.object({}))))).toMatchObject({
      code: 'wire-name-taken',
    });
    expect([...registry]).toEqual([PlaceOrder]);
  });
});

describe('any JSON data', () => {
  const Any = command('spec.AnyData', z.object({ data: z.json() }));

  it('comes back from its envelope as it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (data) => {
        // JSON has no minus zero.
        const message = new Any({ data: JSON.parse(JSON.stringify(data)) });
        expect(decodeMessage(Any, envelope('spec.AnyData', encodeData(message)))).toEqual(message);
      }),
    );
  });

  it('changes no prototype, whatever its keys are', () => {
    const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString'));
    const Open = command('spec.OpenData', anything);
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), (data) => {
        const read = outcomeOf(() => decodeMessage(Open, envelope('spec.OpenData', JSON.stringify(data))));
        if (read instanceof Error) expect(read).toMatchObject({ code: 'invalid-message' });
        else expect(Object.getPrototypeOf(read)).toBe(Open.prototype);
      }),
    );
  });
});

function outcomeOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
