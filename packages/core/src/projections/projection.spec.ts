import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ProgrammingError } from '../errors/programming-errors.js';
import { registrationOf } from '../handlers/registration.js';
import type { RecordedEvent } from '../journal/journal-entry.js';
import { event } from '../messages/event.js';
import { encodeData } from '../messages/message-codec.js';
import { system } from '../messages/subject.js';
import { positionAt } from '../partitions/position.js';
import { defineProjection } from './define-projection.js';
import type { EventMeta } from './event-meta.js';
import { On, Projection, projection } from './projection.js';
import { ProjectionFolds } from './projection-folds.js';
import type { ProjectionRegistration } from './projection-registration.js';
import { projectionRegistrationOf, readModel } from './read-model-token.js';

class Placed extends event('test.Placed', z.object({ order: z.string(), customers: z.array(z.string()) })) {}
class Shipped extends event('test.Shipped', z.object({ order: z.string() })) {}

interface OrderDocument {
  readonly id: string;
  readonly status: string;
  readonly seen: readonly number[];
}

@Projection({ name: 'orders', version: 2, indexes: { byStatus: { by: ['status'], sort: 'id' } } })
class Orders extends projection<OrderDocument>() {
  @On(Placed, ({ order }) => order)
  placed(placed: Placed, _document: OrderDocument | undefined, meta: EventMeta): OrderDocument {
    return { id: placed.order, status: 'placed', seen: [meta.version] };
  }

  @On(Shipped, ({ order }) => order)
  shipped(_shipped: Shipped, document: OrderDocument | undefined): OrderDocument | null {
    return document === undefined ? null : { ...document, status: 'shipped' };
  }
}

const defined = defineProjection<OrderDocument>({
  name: 'orders',
  version: 2,
  indexes: { byStatus: { by: ['status'], sort: 'id' } },
})
  .on(
    Placed,
    ({ order }) => order,
    ({ order }, _document, meta) => ({ id: order, status: 'placed', seen: [meta.version] }),
  )
  .on(
    Shipped,
    ({ order }) => order,
    (_shipped, document) => (document === undefined ? null : { ...document, status: 'shipped' }),
  );

function recorded(message: Placed | Shipped, version = 1): RecordedEvent {
  return {
    kind: 'event',
    id: `id-${version}`,
    name: (message.constructor as typeof Placed).wireName,
    schemaVersion: 1,
    time: '2030-01-01T00:00:00.000Z',
    correlationId: 'c',
    causationId: 'c',
    tenant: 'default',
    subject: system,
    source: 'test',
    data: encodeData(message),
    stream: 'order-1',
    version,
    partition: 0,
    position: positionAt(version, 0),
  };
}

function foldsOf(registration: ProjectionRegistration): ProjectionFolds {
  return new ProjectionFolds(registration, registration.source === undefined ? undefined : new Orders());
}

describe('a projection', () => {
  for (const [way, registration] of [
    ['a decorated class', projectionRegistrationOf(Orders)],
    ['functions', projectionRegistrationOf(defined)],
  ] as const) {
    test(`made of ${way} registers what it folds and how it is found`, () => {
      expect(registration.definition).toEqual({
        model: 'orders',
        version: 2,
        indexes: { byStatus: { by: ['status'], sort: 'id' } },
      });
      expect(registration.folds.map(({ event }) => event.wireName)).toEqual(['test.Placed', 'test.Shipped']);
      expect(registration.ordering).toBe('partition');
    });

    test(`made of ${way} folds events into documents and deletes them with null`, () => {
      const folds = foldsOf(registration);
      const placed = recorded(new Placed({ order: '1', customers: [] }), 7);
      const shipped = recorded(new Shipped({ order: '1' }), 8);
      expect(folds.read(placed)?.ids).toEqual(['1']);
      const body = folds.read(placed)!.apply('1', null);
      expect(JSON.parse(folds.read(shipped)!.apply('1', body)!)).toEqual({
        id: '1',
        status: 'shipped',
        seen: [7],
      });
      expect(folds.read(shipped)!.apply('1', null)).toBeNull();
    });
  }

  test('is what a query handler injects, always by the same token', () => {
    expect(readModel(Orders)).toBe(readModel(Orders));
    expect(readModel(defined)).not.toBe(readModel(Orders));
    expect(registrationOf(Orders)).toBe(projectionRegistrationOf(Orders));
  });

  test('that is a class without the decorator is refused by name', () => {
    class Forgotten extends projection<OrderDocument>() {}
    expect(() => readModel(Forgotten)).toThrow(
      expect.objectContaining({ code: 'not-a-projection', message: expect.stringContaining('Forgotten') }),
    );
  });

  test('takes folds from a class that it extends', () => {
    @Projection({ name: 'more-orders', version: 1 })
    class MoreOrders extends Orders {}
    expect(projectionRegistrationOf(MoreOrders).folds).toHaveLength(2);
    expect(projectionRegistrationOf(MoreOrders).name).toBe('more-orders');
  });

  test('is the same with standard decorators, which are called with the method and its context', () => {
    class Plain extends projection<OrderDocument>() {
      shipped(_shipped: Shipped, document: OrderDocument | undefined): OrderDocument | null {
        return document === undefined ? null : { ...document, status: 'shipped' };
      }
    }
    const context = { kind: 'method', name: 'shipped' } as ClassMethodDecoratorContext<
      Plain,
      Plain['shipped']
    >;
    On(Shipped, ({ order }) => order)(Plain.prototype.shipped, context);
    Projection({ name: 'plain', version: 1 })(Plain);
    const folds = new ProjectionFolds(projectionRegistrationOf(Plain), new Plain());
    const body = JSON.stringify({ id: '1', status: 'placed', seen: [] });
    expect(folds.read(recorded(new Shipped({ order: '1' })))!.apply('1', body)).toContain('"shipped"');
  });

  test('needs a name that can stand in a key, and a version from 1 up', () => {
    expect(() => defineProjection({ name: 'a/b', version: 1 })).toThrow(ProgrammingError);
    expect(() => defineProjection({ name: 'a', version: 0 })).toThrow(ProgrammingError);
  });
});

describe('a fold', () => {
  const byCustomer = (fold: (document: { n: number } | undefined) => unknown) =>
    new ProjectionFolds(
      defineProjection<{ n: number }>({ name: 'p', version: 1 }).on(
        Placed,
        ({ customers }) => customers,
        (_event, document) => fold(document) as { n: number },
      ),
      undefined,
    );
  const placed = recorded(new Placed({ order: '1', customers: ['a', 'b', 'a'] }));

  test('concerns each document once, and none for an event of no concern', () => {
    expect(byCustomer(() => null).read(placed)?.ids).toEqual(['a', 'b']);
    expect(byCustomer(() => null).read(recorded(new Shipped({ order: '1' })))).toBeUndefined();
  });

  test('needs ids that are texts of 1 to 512 characters', () => {
    for (const id of ['', 'x'.repeat(513), undefined, 7, new Array(1)]) {
      const folds = new ProjectionFolds(
        defineProjection<{ n: number }>({ name: 'p', version: 1 }).on(
          Placed,
          () => id as string,
          () => ({ n: 1 }),
        ),
        undefined,
      );
      expect(() => folds.read(placed)).toThrow(expect.objectContaining({ code: 'document-id' }));
    }
  });

  test('that answers with a promise is a fault', () => {
    const folds = byCustomer(() => Promise.resolve({ n: 1 }));
    expect(() => folds.read(placed)!.apply('a', null)).toThrow(
      expect.objectContaining({ code: 'fold-asynchronous' }),
    );
  });

  test('that answers with nothing is a fault', () => {
    const folds = byCustomer(() => undefined);
    expect(() => folds.read(placed)!.apply('a', null)).toThrow(
      expect.objectContaining({ code: 'fold-gave-nothing' }),
    );
  });

  test('is given a copy of its own, so that changing it and failing leaves nothing behind', () => {
    const body = '{"n":1}';
    const folds = byCustomer((document) => {
      document!.n = 99;
      throw new Error('broken');
    });
    expect(() => folds.read(placed)!.apply('a', body)).toThrow('broken');
    expect(
      byCustomer((document) => document)
        .read(placed)!
        .apply('a', body),
    ).toBe('{"n":1}');
  });
});

test('an index by no field is refused: for all documents there is all()', () => {
  const make = () =>
    defineProjection<{ id: string }>({ name: 'open', version: 1, indexes: { everything: { by: [] } } });
  expect(make).toThrow(expect.objectContaining({ code: 'index-without-fields' }));
});
