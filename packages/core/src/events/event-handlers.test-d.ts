import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { token } from '../handlers/injection.js';
import { event } from '../messages/event.js';
import type { Session } from '../unit-of-work/session.js';
import type { EventContext } from './event-context.js';
import { EventHandler, type EventHandlerRegistration, eventHandler } from './event-handler.js';
import { UnjournalledEvents } from './unjournalled-events.js';

class Ordered extends event('spec.Ordered', z.object({ id: z.string(), total: z.number() })) {}
class Same extends event('spec.Same', z.object({ id: z.string(), total: z.number() })) {}
const Log = token<string[]>('log');

describe('eventHandler', () => {
  it('gives the event, its context and what is injected', () => {
    const registration = eventHandler(
      Ordered,
      { name: 'log', inject: [Log], key: ({ id }) => id },
      (ordered, context, log) => {
        expectTypeOf(ordered).toEqualTypeOf<Ordered>();
        expectTypeOf(context.session).toEqualTypeOf<Session>();
        expectTypeOf(context.meta.version).toEqualTypeOf<number>();
        expectTypeOf(log).toEqualTypeOf<string[]>();
      },
    );
    expectTypeOf(registration).toEqualTypeOf<EventHandlerRegistration>();
  });

  it('gives what prepare gave, and the type of the store that the context says', () => {
    eventHandler(
      Ordered,
      {
        name: 'log',
        inject: [Log],
        prepare: async ({ total }, { tenant }, log) => `${tenant}${log}${total}`,
      },
      (_ordered, { prepared }) => expectTypeOf(prepared).toEqualTypeOf<string>() as never,
    );
    eventHandler(Ordered, { name: 'log' }, async (_ordered, { session }: EventContext<unknown, Date>) => {
      expectTypeOf(await session.native()).toEqualTypeOf<Date>();
    });
  });

  it('needs a name, and a key that is text', () => {
    // @ts-expect-error the subscription has no name
    eventHandler(Ordered, {}, () => {});
    // @ts-expect-error a number is no key
    eventHandler(Ordered, { name: 'log', key: ({ total }) => total }, () => {});
  });
});

describe('@EventHandler', () => {
  it('accepts classes that handle the event', () => {
    @EventHandler(Ordered, { name: 'log', inject: [Log] })
    class Logging {
      constructor(private readonly log: string[]) {}
      async handle(ordered: Ordered, { tenant }: EventContext) {
        this.log.push(`${tenant} ${ordered.id}`);
      }
    }
    expectTypeOf(Logging).toBeConstructibleWith([]);
  });

  it('refuses a handler of another event of the same shape, and an inject list that does not fit', () => {
    // @ts-expect-error handles Same, not Ordered
    @EventHandler(Ordered, { name: 'log' })
    class Wrong {
      handle(_event: Same) {}
    }
    // @ts-expect-error nothing is injected
    @EventHandler(Ordered, { name: 'log', inject: [] })
    class Short {
      constructor(private readonly log: string[]) {}
      handle(ordered: Ordered) {
        this.log.push(ordered.id);
      }
    }
    expectTypeOf([Wrong, Short]).toBeArray();
  });
});

describe('UnjournalledEvents', () => {
  it('gives handlers their event', () => {
    const events = new UnjournalledEvents();
    events.on(Ordered, (ordered) => expectTypeOf(ordered).toEqualTypeOf<Ordered>());
    // @ts-expect-error handles Same, not Ordered
    events.on(Ordered, (_event: Same) => {});
  });
});
