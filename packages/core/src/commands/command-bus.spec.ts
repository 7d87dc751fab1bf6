import { FakeClock } from '@diptych/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bind } from '../handlers/binding.js';
import { token } from '../handlers/injection.js';
import { anyone, hasRole } from '../handlers/policy.js';
import { registrationOf } from '../handlers/registration.js';
import { Resolver } from '../handlers/resolver.js';
import { command } from '../messages/command.js';
import type { Envelope } from '../messages/envelope.js';
import { EnvelopeFactory } from '../messages/envelope-factory.js';
import { query } from '../messages/query.js';
import type { CommandContext } from './command-context.js';
import { CommandHandler, type CommandRegistration, commandHandler } from './command-handler.js';
import { createCommandBus } from './create-command-bus.js';

const data = z.object({ id: z.string() });
class Place extends command('spec.Place', data).returns<string>() {}

@CommandHandler(Place, { authorize: anyone })
class PlaceHandler {
  handle({ id }: Place) {
    return `placed ${id}`;
  }
}
const registration = registrationOf(PlaceHandler) as CommandRegistration;

describe('a bare bus', () => {
  const bus = createCommandBus({ handlers: [registration] });

  it('runs a command and gives its result, or a receipt', async () => {
    expect(await bus.execute(new Place({ id: '1' }))).toBe('placed 1');
    expect(await bus.dispatch(new Place({ id: '1' }), { id: 'm-1' })).toEqual({
      result: 'placed 1',
      messageId: 'm-1',
      consistency: 'none',
    });
  });

  it('finds the handler of a command that another copy of its class made', async () => {
    class Copy extends command('spec.Place', data).returns<string>() {}
    expect(await bus.execute(new Copy({ id: '2' }))).toBe('placed 2');
  });

  it('rejects, and does not throw, when there is no handler or no message', async () => {
    class Unknown extends command('spec.Unknown') {}
    await expect(bus.execute(new Unknown())).rejects.toMatchObject({
      code: 'no-handler',
      details: { wireName: 'spec.Unknown' },
    });
    await expect(bus.dispatch(new Unknown())).rejects.toMatchObject({ code: 'no-handler' });
    await expect(bus.execute({ id: '1' } as never)).rejects.toMatchObject({ code: 'not-a-message' });
  });

  it.each([
    ['an empty id', { id: '' }],
    ['an empty idempotency key', { idempotencyKey: '' }],
    ['an id that is longer than 512 characters', { id: 'x'.repeat(513) }],
    ['an id that is no text', { id: null as never }],
  ])('refuses %s: what forgot its own would be taken for a copy of another', async (_what, options) => {
    const refused = { code: 'invalid-name', origin: 'programming' };
    await expect(bus.dispatch(new Place({ id: '1' }), options)).rejects.toMatchObject(refused);
    await expect(bus.execute(new Place({ id: '1' }), options)).rejects.toMatchObject(refused);
  });

  it('says where a query belongs that was given to it', async () => {
    class Ask extends query('spec.Ask') {}
    await expect(bus.dispatch(new Ask() as never)).rejects.toMatchObject({
      code: 'wrong-message-kind',
      message: "'spec.Ask' is a query: queries.execute() it; here belongs a command.",
    });
  });

  it('rejects with what a handler throws, also when it throws at once', async () => {
    const throwing = commandHandler(Place, {}, () => {
      throw new Error('no');
    });
    await expect(createCommandBus({ handlers: [throwing] }).execute(new Place({ id: '1' }))).rejects.toThrow(
      'no',
    );
  });

  it('rejects when a handler that is made for each message cannot be made', async () => {
    let made = 0;
    @CommandHandler(Place, { lifetime: 'request' })
    class Broken {
      constructor() {
        if (made++ > 0) throw new Error('no connection');
      }
      handle = () => '';
    }
    const broken = createCommandBus({ handlers: [registrationOf(Broken) as CommandRegistration] });
    made = 1;
    await expect(broken.execute(new Place({ id: '1' }))).rejects.toThrow('no connection');
  });

  it('refuses two handlers of one command', () => {
    expect(() => createCommandBus({ handlers: [registration, registration] })).toThrow(
      expect.objectContaining({ code: 'handler-duplicate' }),
    );
  });

  it('refuses to run a command where only sending is possible', async () => {
    const inside = createCommandBus({ handlers: [registration], insideSession: () => true });
    await expect(inside.execute(new Place({ id: '1' }))).rejects.toMatchObject({
      code: 'execute-in-handler',
    });
    await expect(inside.dispatch(new Place({ id: '1' }))).rejects.toMatchObject({
      code: 'execute-in-handler',
    });
  });

  it('has no session, and says so', async () => {
    const handle = (_place: Place, context: CommandContext) => context.session.tenant;
    const reading = createCommandBus({ handlers: [commandHandler(Place, {}, handle)] });
    await expect(reading.execute(new Place({ id: '1' }))).rejects.toMatchObject({ code: 'no-session' });
  });

  it('cannot send', async () => {
    await expect(bus.send(new Place({ id: '1' }))).rejects.toMatchObject({ code: 'no-journal' });
  });
});

describe('what a handler is told', () => {
  const clock = new FakeClock({ startAt: new Date('2030-05-01T10:00:00Z') });
  const told = async (options: object) => {
    let meta: CommandContext['meta'] | undefined;
    const handle = (_place: Place, context: CommandContext) => {
      meta = { ...context.meta };
      return '';
    };
    const envelopes = new EnvelopeFactory({ source: 'shop', clock, newId: () => 'new-id' });
    await createCommandBus({ handlers: [commandHandler(Place, {}, handle)], envelopes }).execute(
      new Place({ id: '1' }),
      options,
    );
    return meta;
  };

  it('is made up where the caller says nothing', async () => {
    expect(await told({})).toEqual({
      id: 'new-id',
      name: 'spec.Place',
      schemaVersion: 1,
      time: '2030-05-01T10:00:00.000Z',
      correlationId: 'new-id',
      causationId: 'new-id',
      tenant: 'default',
      subject: { id: '', roles: [] },
      source: 'shop',
    });
  });

  it('is what the caller says', async () => {
    const trace = { traceparent: '00-1-2-01', tracestate: 'a=b' };
    const said = {
      id: 'm-1',
      correlationId: 'c-1',
      causationId: 'q-1',
      tenant: 'north',
      subject: { id: 'ann', roles: [] },
      ...trace,
    };
    expect(await told(said)).toMatchObject(said);
  });
});

describe('sending', () => {
  const place = commandHandler(Place, { authorize: hasRole('customer') }, () => 0 as never);
  const subject = { id: 'ann', roles: ['customer'] };

  it('promise 9: refuses at once whoever the policy refuses, and journals nothing', async () => {
    const sent: unknown[] = [];
    const bus = createCommandBus({ handlers: [place], send: async (command) => void sent.push(command) });
    await expect(bus.send(new Place({ id: '1' }))).rejects.toMatchObject({ code: 'forbidden' });
    expect(sent).toEqual([]);
  });

  it('refuses a command that nobody handles', async () => {
    const bus = createCommandBus({ handlers: [], send: async () => {} });
    await expect(bus.send(new Place({ id: '1' }))).rejects.toMatchObject({ code: 'no-handler' });
  });

  it('journals an envelope under the key, as the caller', async () => {
    const sent: { command: Envelope; key: string }[] = [];
    const bus = createCommandBus({
      handlers: [place],
      envelopes: new EnvelopeFactory({ source: 'shop', clock: new FakeClock() }),
      send: async (command, key) => void sent.push({ command, key }),
    });
    expect(await bus.send(new Place({ id: '1' }), { id: 'm-1', key: 'order-1', subject })).toEqual({
      messageId: 'm-1',
    });
    expect(sent).toMatchObject([
      {
        key: 'order-1',
        command: { kind: 'command', id: 'm-1', name: 'spec.Place', data: '{"id":"1"}', subject },
      },
    ]);
  });

  it('orders by nothing where no key is given', async () => {
    const keys: string[] = [];
    const bus = createCommandBus({ handlers: [place], send: async (_command, key) => void keys.push(key) });
    const { messageId } = await bus.send(new Place({ id: '1' }), { subject });
    expect(keys).toEqual([messageId]);
  });
});

describe('prepare', () => {
  it('runs first, on the same instance, and hands its result on', async () => {
    const log: unknown[] = [];
    @CommandHandler(Place, { lifetime: 'request' })
    class Prepared {
      async prepare({ id }: Place) {
        log.push(this);
        return `rate for ${id}`;
      }
      handle(_place: Place, { prepared }: CommandContext<string>) {
        log.push(this);
        return prepared;
      }
    }
    const bus = createCommandBus({ handlers: [registrationOf(Prepared) as CommandRegistration] });
    expect(await bus.execute(new Place({ id: '1' }))).toBe('rate for 1');
    expect(log[0]).toBe(log[1]);
    expect(bus.describe()[0]?.behaviors).toEqual(['prepare']);
  });

  it('may be a property of a handler that lives as long as the program', async () => {
    @CommandHandler(Place)
    class Prepared {
      prepare = async ({ id }: Place) => `rate for ${id}`;
      handle = (_place: Place, { prepared }: CommandContext<string>) => prepared;
    }
    const bus = createCommandBus({ handlers: [registrationOf(Prepared) as CommandRegistration] });
    expect(await bus.execute(new Place({ id: '1' }))).toBe('rate for 1');
  });

  it('is not passed over where it cannot be seen at start', async () => {
    @CommandHandler(Place, { lifetime: 'request' })
    class Prepared {
      prepare = async () => expect.fail('was called');
      handle = () => '';
    }
    const bus = createCommandBus({ handlers: [registrationOf(Prepared) as CommandRegistration] });
    await expect(bus.execute(new Place({ id: '1' }))).rejects.toMatchObject({ code: 'prepare-not-a-method' });
  });

  it('of a function handler gets the same dependencies', async () => {
    const Rate = token<number>('rate');
    const handlers = [
      commandHandler(
        Place,
        { inject: [Rate], prepare: async ({ id }, _context, rate) => `${id} at ${rate}` },
        (_place, { prepared }) => String(prepared),
      ),
    ];
    const bus = createCommandBus({ handlers, resolver: new Resolver({ provide: [bind(Rate, 2)] }) });
    expect(await bus.execute(new Place({ id: '1' }))).toBe('1 at 2');
  });
});
