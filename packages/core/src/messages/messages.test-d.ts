import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { command } from './command.js';
import { event } from './event.js';
import type { DataOf, ResultOf } from './message.js';
import { query } from './query.js';

const data = z.object({ id: z.string(), note: z.string().default('') });
class Place extends command('spec.Place', data).returns(z.object({ total: z.string() })) {}
class Other extends command('spec.Other', data).returns(z.object({ total: z.string() })) {}
class Placed extends event('spec.Placed', data) {}
const Pay = command(
  'spec.Pay',
  z.union([z.object({ by: z.literal('card'), card: z.string() }), z.object({ by: z.literal('cash') })]),
);
type Pay = InstanceType<typeof Pay>;

describe('messages', () => {
  it('take what the schema takes and have what it gives', () => {
    expectTypeOf(new Place({ id: '1' }).note).toEqualTypeOf<string>();
    expectTypeOf<DataOf<Placed>>().toMatchObjectType<{ readonly id: string; readonly note: string }>();
    // @ts-expect-error a field of another type
    new Place({ id: 1 });
    // @ts-expect-error a field that is missing
    new Place({});
    // @ts-expect-error data that is needed
    new Place();
    // @ts-expect-error messages do not change
    new Place({ id: '1' }).id = '2';
  });

  it('know their result', () => {
    expectTypeOf<ResultOf<Place>>().toEqualTypeOf<{ total: string }>();
    expectTypeOf<ResultOf<Pay>>().toEqualTypeOf<void>();
    class InProcess extends query('spec.InProcess').returns<Map<string, Date>>() {}
    expectTypeOf<ResultOf<InProcess>>().toEqualTypeOf<Map<string, Date>>();
    class Untold extends query('spec.Untold') {}
    expectTypeOf<ResultOf<Untold>>().toBeUnknown();
  });

  it('of one shape are not interchangeable', () => {
    const take = (_place: Place) => undefined;
    take(new Place({ id: '1' }));
    // @ts-expect-error another message of the same shape
    take(new Other({ id: '1' }));
    // @ts-expect-error an event is no command
    take(new Placed({ id: '1' }));
    // @ts-expect-error data alone is no message
    take({ id: '1', note: '' });
  });

  it('may be unions', () => {
    const paid: Pay = new Pay({ by: 'card', card: '4711' });
    if (paid.by === 'card') expectTypeOf(paid.card).toEqualTypeOf<string>();
    // @ts-expect-error a union's shape is checked too
    new Pay({ by: 'card' });
  });

  it('have literal wire names', () => {
    expectTypeOf(Place.wireName).toEqualTypeOf<'spec.Place'>();
    expectTypeOf(Place.kind).toEqualTypeOf<'command'>();
  });
});
