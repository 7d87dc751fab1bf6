import {
  defineProjection,
  type EventMeta,
  event,
  On,
  Projection,
  projection,
  type ReadModel,
  readModel,
  type Token,
} from '@diptych/core';
import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';

class Placed extends event('test.Placed', z.object({ order: z.string() })) {}
// Of the same shape as Placed, and not the same event.
class Opened extends event('test.Opened', z.object({ order: z.string() })) {}

interface OrderDocument {
  readonly id: string;
  readonly status?: string;
}

test('folds, ids, indexes and dependencies of a class are checked', () => {
  class Clients {
    readonly url: string = '';
  }

  @Projection({
    name: 'orders',
    version: 1,
    indexes: { byStatus: { by: ['status'], sort: 'id' } },
    inject: [Clients],
  })
  class Orders extends projection<OrderDocument>() {
    constructor(readonly clients: Clients) {
      super();
    }

    @On(Placed, (placed) => placed.order)
    placed(placed: Placed, document: OrderDocument | undefined, _meta: EventMeta): OrderDocument | null {
      return document ?? { id: placed.order };
    }

    @On(Placed, (placed) => [placed.order])
    brief(): OrderDocument {
      return { id: '' };
    }

    // @ts-expect-error the method folds another event of the same shape
    @On(Opened, (opened) => opened.order)
    wrongEvent(_placed: Placed, document: OrderDocument | undefined): OrderDocument {
      return document!;
    }

    // @ts-expect-error the method gives another document
    @On(Placed, (placed) => placed.order)
    wrongDocument(_placed: Placed): { readonly total: number } {
      return { total: 1 };
    }

    // @ts-expect-error the method expects another document
    @On(Placed, (placed) => placed.order)
    wrongBefore(
      _placed: Placed,
      document: { readonly id: string; readonly total: number } | undefined,
    ): OrderDocument {
      return document!;
    }

    // @ts-expect-error the method expects that there always is a document
    @On(Placed, (placed) => placed.order)
    assuming(_placed: Placed, document: OrderDocument): OrderDocument {
      return document;
    }

    // @ts-expect-error undefined is no answer: null deletes
    @On(Placed, (placed) => placed.order)
    nothing(_placed: Placed, document: OrderDocument | undefined): OrderDocument | undefined {
      return document;
    }

    // @ts-expect-error a fold answers at once
    @On(Placed, (placed) => placed.order)
    async later(_placed: Placed, document: OrderDocument | undefined): Promise<OrderDocument> {
      return document!;
    }

    // @ts-expect-error the event has no such field
    @On(Placed, (placed) => placed.customer)
    wrongId(_placed: Placed): OrderDocument {
      return { id: '' };
    }
  }

  expectTypeOf(readModel(Orders)).toEqualTypeOf<Token<ReadModel<OrderDocument>>>();

  // @ts-expect-error the document has no such field
  @Projection({ name: 'orders', version: 1, indexes: { byTotal: { by: ['total'] } } })
  class _WrongIndex extends projection<OrderDocument>() {}

  // @ts-expect-error the document has no such field to sort by
  @Projection({ name: 'orders', version: 1, indexes: { byStatus: { by: ['status'], sort: 'total' } } })
  class _WrongSort extends projection<OrderDocument>() {}

  // @ts-expect-error the class does not say what its documents are
  @Projection({ name: 'orders', version: 1 })
  class _NoDocument {}

  // @ts-expect-error the constructor needs something else
  @Projection({ name: 'orders', version: 1, inject: [Clients] })
  class _WrongInject extends projection<OrderDocument>() {
    constructor(readonly count: number) {
      super();
    }
  }
});

test('folds, ids and indexes of functions are checked', () => {
  const orders = defineProjection<OrderDocument>({
    name: 'orders',
    version: 1,
    indexes: { byStatus: { by: ['status'] } },
  }).on(
    Placed,
    (placed) => placed.order,
    (placed, document) => document ?? { id: placed.order },
  );
  expectTypeOf(readModel(orders)).toEqualTypeOf<Token<ReadModel<OrderDocument>>>();

  const idOf = (placed: Placed) => placed.order;
  const total = () => ({ total: 1 });
  const ofOpened = (_opened: Opened) => null;
  const nothing = (_placed: Placed, document: OrderDocument | undefined) => document;
  const later = async (placed: Placed) => ({ id: placed.order });
  const byTotal = { byTotal: { by: ['total'] } } as const;
  // @ts-expect-error another document
  orders.on(Placed, idOf, total);
  // @ts-expect-error another event of the same shape
  orders.on(Placed, idOf, ofOpened);
  // @ts-expect-error undefined is no answer: null deletes
  orders.on(Placed, idOf, nothing);
  // @ts-expect-error a fold answers at once
  orders.on(Placed, idOf, later);
  // @ts-expect-error the document has no such field
  defineProjection<OrderDocument>({ name: 'orders', version: 1, indexes: byTotal });
});
