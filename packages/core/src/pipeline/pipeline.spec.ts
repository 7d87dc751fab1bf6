import { FakeClock } from '@diptych/testing';
import { describe, expect, it } from 'vitest';
import { commandHandler } from '../commands/command-handler.js';
import { type CommandBusOptions, createCommandBus } from '../commands/create-command-bus.js';
import { ConcurrencyConflictError, RefusedError } from '../errors/domain-errors.js';
import { FencedError, OutcomeUnknownError, UnavailableError } from '../errors/infrastructure-errors.js';
import { anyone, authenticated, hasRole, internal, policy } from '../handlers/policy.js';
import { command } from '../messages/command.js';
import type { Logger } from '../telemetry/logger.js';
import { silentLogger } from '../telemetry/logger.js';
import { authorizationBehavior } from './authorization-behavior.js';
import type { Behavior } from './behavior.js';
import { loggingBehavior } from './logging-behavior.js';
import { ownBehaviors } from './own-behaviors.js';
import { retryBehavior } from './retry-behavior.js';
import { type RetryPolicy, retryDelayInMs } from './retry-policy.js';
import { timeoutBehavior } from './timeout-behavior.js';

class Ask extends command('spec.Ask').returns<unknown>() {}
type Handle = Parameters<typeof commandHandler<Ask>>[2];
type Options = Parameters<typeof commandHandler<Ask>>[1];

function busOf(
  behaviors: NonNullable<CommandBusOptions['behaviors']>,
  handle: Handle,
  options: Options = {},
) {
  return createCommandBus({ handlers: [commandHandler(Ask, options, handle)], behaviors });
}
const never = new Promise<never>(() => {});
const ann = { id: 'ann', roles: ['customer'] };

describe('behaviors', () => {
  const tracing = (name: string, log: string[]): Behavior => ({
    name,
    wrap: (next) => async (message, context) => {
      log.push(`${name} in`);
      const result = await next(message, context);
      log.push(`${name} out`);
      return result;
    },
  });

  it('run in order, the first outermost', async () => {
    const log: string[] = [];
    await busOf([tracing('a', log), tracing('b', log)], () => log.push('handler')).execute(new Ask());
    expect(log).toEqual(['a in', 'b in', 'handler', 'b out', 'a out']);
  });

  it('that throw where they should reject are a rejection all the same', async () => {
    const throwing: Behavior = {
      name: 'throwing',
      wrap: () => () => {
        throw new Error('at once');
      },
    };
    await expect(busOf([throwing], () => 1).execute(new Ask())).rejects.toThrow('at once');
  });

  it('are asked once per handler, at start, and those with nothing to do are not described', async () => {
    let wrapped = 0;
    const idle: Behavior = {
      name: 'idle',
      wrap(next) {
        wrapped++;
        return next;
      },
    };
    const bus = busOf([idle, tracing('a', [])], () => 1, { authorize: anyone });
    await bus.execute(new Ask());
    await bus.execute(new Ask());
    expect(wrapped).toBe(1);
    expect(bus.describe()).toEqual([
      { message: 'spec.Ask', handler: 'spec.Ask', policy: 'anyone', behaviors: ['a'] },
    ]);
  });
});

describe("a behavior of the program's own", () => {
  it('is refused at start when it gives no step', () => {
    const forgetful = { name: 'forgetful', wrap: () => undefined } as unknown as Behavior;
    const refused = expect.objectContaining({ code: 'behavior-invalid', details: { behavior: 'forgetful' } });
    expect(() => busOf([forgetful], () => 1)).toThrow(refused);
    expect(() => busOf(ownBehaviors([forgetful]), () => 1)).toThrow(refused);
    const bare = ((next: unknown) => next) as unknown as Behavior;
    expect(() => busOf(ownBehaviors([bare]), () => 1)).toThrow(
      expect.objectContaining({ code: 'behavior-invalid' }),
    );
  });

  it('is told when it passes on another context than it was given', async () => {
    const copying: Behavior = {
      name: 'copying',
      wrap: (next) => (message, context) => next(message, { ...context }),
    };
    await expect(busOf(ownBehaviors([copying]), () => 1).execute(new Ask())).rejects.toMatchObject({
      code: 'behavior-context',
      details: { behavior: 'copying' },
    });
  });

  it('costs nothing where it has nothing to do', () => {
    const idle: Behavior = { name: 'idle', wrap: (next) => next };
    expect(busOf(ownBehaviors([idle]), () => 1).describe()[0]?.behaviors).toEqual([]);
  });
});

describe('authorization', () => {
  const ask = (options: Options, subject = { id: '', roles: [] as string[] }) =>
    busOf([authorizationBehavior()], () => 'answer', options).execute(new Ask(), { subject });

  it('promise 9: refuses everybody where there is no policy', async () => {
    await expect(ask({}, ann)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it.each([
    ['anyone', anyone],
    ['internal', internal],
    ['authenticated', authenticated],
    ['hasRole', hasRole('clerk', 'customer')],
    ['a policy that answers later', policy<Ask>('later', async () => true)],
  ])('promise 9: lets %s through', async (_name, authorize) => {
    expect(await ask({ authorize }, ann)).toBe('answer');
  });

  it.each([
    ['authenticated', authenticated],
    ['hasRole', hasRole('clerk')],
    ['a policy that answers later', policy<Ask>('later', async () => false)],
  ])('promise 9: refuses by %s, and names the policy and the subject', async (_name, authorize) => {
    const bob = ask({ authorize: policy<Ask>('nobody', () => false) }, { id: 'bob', roles: [] });
    await expect(bob).rejects.toThrow("The policy 'nobody' does not allow 'spec.Ask' to 'bob'.");
    await expect(ask({ authorize })).rejects.toMatchObject({
      code: 'forbidden',
      details: { policy: authorize.name },
    });
  });

  it.each([undefined, null, 0])('promise 9: does not take the id %j for that of somebody', async (id) => {
    const nobody = { id: id as never, roles: [] };
    await expect(ask({ authorize: authenticated }, nobody)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('promise 9: refuses when the policy itself fails', async () => {
    const authorize = policy<Ask>('broken', () => {
      throw new Error('no directory');
    });
    await expect(ask({ authorize })).rejects.toThrow('no directory');
  });

  it('gives the policy who asks, for what, and for which tenant', async () => {
    const seen: unknown[] = [];
    const authorize = policy<Ask>(
      'seen',
      (_message, { subject, tenant, name }) => seen.push({ subject, tenant, name }) > 0,
    );
    const bus = busOf([authorizationBehavior()], () => 1, { authorize });
    await bus.execute(new Ask(), { subject: ann, tenant: 'north' });
    expect(seen).toEqual([{ subject: ann, tenant: 'north', name: 'spec.Ask' }]);
  });
});

describe('time-out', () => {
  const limited = (handle: Handle, options: Options = {}, clock = new FakeClock()) => ({
    clock,
    bus: busOf([timeoutBehavior({ clock, timeoutInMs: 100 })], handle, options),
  });

  it('ends the waiting when the time is over, and aborts the signal', async () => {
    let signal: AbortSignal | undefined;
    const { bus, clock } = limited((_ask, context) => {
      signal = context.abortSignal;
      return never;
    });
    const answer = expect(bus.execute(new Ask())).rejects.toMatchObject({
      code: 'time-limit',
      details: { limitInMs: 100 },
    });
    await clock.advance(99);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    await answer;
    expect(signal?.aborted).toBe(true);
  });

  it('shows an aborted signal also to who looks afterwards', async () => {
    let look: (() => AbortSignal) | undefined;
    const { bus, clock } = limited((_ask, context) => {
      look = () => context.abortSignal;
      return never;
    });
    const answer = expect(bus.execute(new Ask())).rejects.toMatchObject({ code: 'time-limit' });
    await clock.advance(100);
    await answer;
    expect(look?.().aborted).toBe(true);
  });

  it('gives each message its whole time, whenever it began', async () => {
    const ends: number[] = [];
    const { bus, clock } = limited(() => never);
    const start = clock.now();
    const run = () => bus.execute(new Ask()).catch(() => ends.push(clock.now() - start));
    void run();
    await clock.advance(60);
    void run();
    await clock.advance(1_000);
    expect(ends).toEqual([100, 160]);
  });

  it('leaves what was handled in time alone, also while others are not', async () => {
    const { bus, clock } = limited((_ask, { tenant }) => (tenant === 'slow' ? never : 'quick'));
    const slow = expect(bus.execute(new Ask(), { tenant: 'slow' })).rejects.toMatchObject({
      code: 'time-limit',
    });
    expect(await bus.execute(new Ask())).toBe('quick');
    await clock.advance(100);
    await slow;
  });

  it.each([0, -1, Number.NaN])('refuses a limit of %d from the caller', async (timeoutInMs) => {
    const { bus } = limited(() => 'answer');
    await expect(bus.execute(new Ask(), { timeoutInMs })).rejects.toMatchObject({ code: 'option-invalid' });
  });

  it('goes by the handler, then by the caller', async () => {
    const { bus, clock } = limited(() => never, { timeoutInMs: 10 });
    const byHandler = expect(bus.execute(new Ask())).rejects.toMatchObject({ details: { limitInMs: 10 } });
    const byCaller = expect(bus.execute(new Ask(), { timeoutInMs: 5 })).rejects.toMatchObject({
      details: { limitInMs: 5 },
    });
    await clock.advance(10);
    await Promise.all([byHandler, byCaller]);
  });

  it('ends the waiting when the caller goes, and aborts the signal', async () => {
    let signal: AbortSignal | undefined;
    const { bus } = limited((_ask, context) => {
      signal = context.abortSignal;
      return never;
    });
    const caller = new AbortController();
    const answer = expect(bus.execute(new Ask(), { abortSignal: caller.signal })).rejects.toMatchObject({
      code: 'aborted',
    });
    caller.abort();
    await answer;
    expect(signal?.aborted).toBe(true);
  });

  it('does not begin for a caller who has gone already', async () => {
    const { bus } = limited(() => expect.fail('was handled'));
    await expect(bus.execute(new Ask(), { abortSignal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

describe('retry', () => {
  const failing = (times: number, error: () => Error) => {
    const state = { attempts: 0 };
    const handle = () => {
      if (++state.attempts <= times) throw error();
      return 'done';
    };
    return { state, handle };
  };
  const conflict = () => new ConcurrencyConflictError('Somebody was first.', {});
  const rules: RetryPolicy = {
    'concurrency-conflict': { immediate: 1, delaysInMs: [10, 20] },
    infrastructure: { delaysInMs: [50] },
  };

  it("keeps the app's rules beside those of the handler, which come first", async () => {
    const clock = new FakeClock();
    const own: RetryPolicy = { 'not-yet': { immediate: 1 }, infrastructure: {} };
    const attemptsOf = async (error: () => Error) => {
      const { state, handle } = failing(99, error);
      const bus = busOf([retryBehavior({ clock, policy: rules })], handle, { retry: own });
      const answer = bus.execute(new Ask()).catch(() => undefined);
      await clock.advance(1_000);
      await answer;
      return state.attempts;
    };
    expect(await attemptsOf(() => new RefusedError('not-yet', 'Not yet.'))).toBe(2);
    expect(await attemptsOf(conflict)).toBe(4);
    expect(await attemptsOf(() => new UnavailableError('Away.'))).toBe(1);
  });

  it('tries again at once, then after each pause', async () => {
    const clock = new FakeClock();
    const { state, handle } = failing(3, conflict);
    const answer = busOf([retryBehavior({ clock, policy: rules })], handle).execute(new Ask());
    await clock.advance(9);
    expect(state.attempts).toBe(2);
    await clock.advance(1);
    expect(state.attempts).toBe(3);
    await clock.advance(20);
    expect(await answer).toBe('done');
  });

  it('gives up with the last error when the policy does', async () => {
    const clock = new FakeClock();
    const { state, handle } = failing(99, conflict);
    const answer = expect(
      busOf([retryBehavior({ clock, policy: rules })], handle).execute(new Ask()),
    ).rejects.toMatchObject({
      code: 'concurrency-conflict',
    });
    await clock.advance(1_000);
    await answer;
    expect(state.attempts).toBe(4);
  });

  it('never tries a refusal again', async () => {
    const { state, handle } = failing(1, () => new RefusedError('sold-out', 'There is none left.'));
    const bus = busOf([retryBehavior({ clock: new FakeClock(), policy: rules })], handle);
    await expect(bus.execute(new Ask())).rejects.toMatchObject({ code: 'sold-out' });
    expect(state.attempts).toBe(1);
  });

  it('stops when nobody waits any more', async () => {
    const clock = new FakeClock();
    const { state, handle } = failing(99, () => new UnavailableError('The store is away.'));
    const bus = busOf(
      [timeoutBehavior({ clock, timeoutInMs: 40 }), retryBehavior({ clock, policy: rules })],
      handle,
    );
    const answer = expect(bus.execute(new Ask())).rejects.toMatchObject({ code: 'time-limit' });
    await clock.advance(1_000);
    await answer;
    expect(state.attempts).toBe(1);
  });

  it('does not try at once again for a caller who has gone', async () => {
    const caller = new AbortController();
    const { state, handle } = failing(99, () => {
      caller.abort();
      return conflict();
    });
    const bus = busOf([retryBehavior({ clock: new FakeClock(), policy: rules })], handle);
    const answer = bus.execute(new Ask(), { abortSignal: caller.signal });
    await expect(answer).rejects.toMatchObject({ code: 'concurrency-conflict' });
    expect(state.attempts).toBe(1);
  });

  it('promise 4: never does again what may have been committed, whatever the rule for its origin', async () => {
    const { state, handle } = failing(1, () => new OutcomeUnknownError('No answer came.'));
    const bus = busOf([retryBehavior({ clock: new FakeClock(), policy: rules })], handle);
    await expect(bus.execute(new Ask())).rejects.toMatchObject({ code: 'outcome-unknown' });
    expect(state.attempts).toBe(1);
  });

  it('goes by the code, then by the origin of retryable errors, with jitter where asked', () => {
    const unavailable = new UnavailableError('The store is away.');
    expect(retryDelayInMs(rules, unavailable, 1)).toBe(50);
    expect(retryDelayInMs(rules, unavailable, 2)).toBeUndefined();
    expect(
      retryDelayInMs({ unavailable: { immediate: 1 }, infrastructure: { delaysInMs: [5] } }, unavailable, 1),
    ).toBe(0);
    expect(
      retryDelayInMs({ unavailable: { delaysInMs: [100], jitter: 'full' } }, unavailable, 1, () => 0.25),
    ).toBe(25);
    expect(retryDelayInMs(rules, new Error('unknown'), 1)).toBeUndefined();
    // Another owner has the partition: the same call can never succeed.
    expect(retryDelayInMs(rules, new FencedError('mails', 3), 1)).toBeUndefined();
    // A code that every object has as a property.
    expect(retryDelayInMs(rules, Object.assign(unavailable, { code: 'toString' }), 1)).toBe(50);
  });
});

describe('logging', () => {
  const collect = () => {
    const lines: { level: string; message: string; fields: Readonly<Record<string, unknown>> }[] = [];
    const at = (level: string) => (message: string, fields: Readonly<Record<string, unknown>>) =>
      void lines.push({ level, message, fields });
    const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
    return { lines, logger };
  };
  const logged = async (handle: Handle) => {
    const clock = new FakeClock();
    const { lines, logger } = collect();
    await busOf([loggingBehavior({ logger, clock })], handle)
      .execute(new Ask(), { id: 'm-1' })
      .catch(() => {});
    return lines;
  };

  it('tells what was handled, how long it took and under which id', async () => {
    expect(await logged(() => 1)).toEqual([
      {
        level: 'debug',
        message: 'handled',
        fields: { kind: 'command', wireName: 'spec.Ask', messageId: 'm-1', durationInMs: 0 },
      },
    ]);
  });

  it('tells refusals from faults', async () => {
    const refused = await logged(() => {
      throw new RefusedError('sold-out', 'There is none left.');
    });
    const broken = await logged(() => {
      throw new TypeError('undefined is not a function');
    });
    expect(refused).toMatchObject([
      { level: 'info', message: 'refused', fields: { code: 'sold-out', correlationId: 'm-1' } },
    ]);
    expect(broken).toMatchObject([
      { level: 'error', message: 'failed', fields: { stack: expect.stringContaining('TypeError') } },
    ]);
  });

  it('is not in the pipeline of a silent logger', () => {
    const bus = busOf([loggingBehavior({ logger: silentLogger, clock: new FakeClock() })], () => 1);
    expect(bus.describe()[0]?.behaviors).toEqual([]);
  });
});
