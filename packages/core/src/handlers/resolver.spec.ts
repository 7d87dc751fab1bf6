import 'reflect-metadata';
import { Container, inject, injectable } from 'inversify';
import { describe, expect, it } from 'vitest';
import { CommandHandler, type CommandRegistration, commandHandler } from '../commands/command-handler.js';
import { command } from '../messages/command.js';
import { bind, bindFactory } from './binding.js';
import { handlerInstances } from './handler-instance.js';
import { type Injectable, token } from './injection.js';
import { anyone } from './policy.js';
import { registrationOf } from './registration.js';
import { Resolver, type ResolverOptions } from './resolver.js';
import { Service } from './service.js';

class Ask extends command('spec.Ask').returns<unknown>() {}
const Rate = token<number>('rate');
class Counter {
  count = 0;
}

/** Makes a handler of the class and gives how to get its instances. */
function handlerOf(
  type: new (...dependencies: never[]) => { handle: () => unknown },
  options: { inject?: readonly Injectable[]; lifetime?: 'singleton' | 'request' } = {},
): CommandRegistration {
  CommandHandler(Ask, { ...options, authorize: anyone } as object)(type as never);
  return registrationOf(type) as CommandRegistration;
}
async function open(registration: CommandRegistration, options: ResolverOptions = {}) {
  const resolver = new Resolver(options);
  await resolver.prepare([registration]);
  return {
    resolver,
    faults: resolver.check([registration]),
    instances: () => handlerInstances(registration, resolver),
  };
}
const codesOf = (faults: readonly { readonly code: string }[]) => faults.map(({ code }) => code);

describe('an inject list', () => {
  class Handler {
    constructor(
      readonly counter: Counter,
      readonly rate: number,
    ) {}
    handle = () => this.rate;
  }

  it('gives the constructor instances and bound values, in order', async () => {
    const { instances } = await open(handlerOf(Handler, { inject: [Counter, Rate] }), {
      provide: [bind(Rate, 1.5)],
    });
    const handler = instances()() as unknown as Handler;
    expect(handler.counter).toBeInstanceOf(Counter);
    expect(handler.rate).toBe(1.5);
  });

  it('makes one instance for the program', async () => {
    const { instances } = await open(handlerOf(Handler, { inject: [Counter, Rate] }), {
      provide: [bind(Rate, 1)],
    });
    const next = instances();
    expect(next()).toBe(next());
  });

  it('makes an instance for each message where the lifetime says so, with the same singletons', async () => {
    const registration = handlerOf(Handler, { inject: [Counter, Rate], lifetime: 'request' });
    const { instances } = await open(registration, { provide: [bind(Rate, 1)] });
    const next = instances();
    const [one, two] = [next(), next()] as unknown as [Handler, Handler];
    expect(one).not.toBe(two);
    expect(one.counter).toBe(two.counter);
  });

  it('needs no container: a class bound nowhere is made with `new`', async () => {
    const container = { isBound: () => false, get: () => expect.fail('the container was asked') };
    class Plain {}
    class Uses {
      constructor(readonly plain: Plain) {}
      handle = () => undefined;
    }
    const { instances } = await open(handlerOf(Uses, { inject: [Plain] }), { container });
    expect(instances()()).toBeInstanceOf(Uses);
  });

  it("gives way to the program's container where the class is bound there", async () => {
    const container = new Container();
    container.bind(Counter).toConstantValue(Object.assign(new Counter(), { count: 7 }));
    const { instances } = await open(handlerOf(Handler, { inject: [Counter, Rate] }), {
      container,
      provide: [bind(Rate, 1)],
    });
    expect((instances()() as unknown as Handler).counter.count).toBe(7);
  });

  it('gives way to another container through `resolve`', async () => {
    const special = new Counter();
    const resolve = (type: unknown) => (type === Counter ? special : undefined);
    const { instances } = await open(handlerOf(Handler, { inject: [Counter, Rate] }), {
      resolve,
      provide: [bind(Rate, 1)],
    });
    expect((instances()() as unknown as Handler).counter).toBe(special);
  });
});

describe('services', () => {
  class PerMessage {}
  Service({ lifetime: 'request' })(PerMessage);
  class Uses {
    constructor(readonly own: PerMessage) {}
  }
  Service({ inject: [PerMessage], lifetime: 'request' })(Uses);

  it('of one message are shared within it, and not beyond', async () => {
    class Handler {
      constructor(
        readonly own: PerMessage,
        readonly uses: Uses,
      ) {}
      handle = () => undefined;
    }
    const { instances } = await open(handlerOf(Handler, { inject: [PerMessage, Uses], lifetime: 'request' }));
    const next = instances();
    const [one, two] = [next(), next()] as unknown as [Handler, Handler];
    expect(one.own).toBe(one.uses.own);
    expect(one.own).not.toBe(two.own);
  });

  it('of one message cannot be given to a handler that lives as long as the program', async () => {
    class Handler {
      constructor(readonly own: PerMessage) {}
      handle = () => undefined;
    }
    const { faults } = await open(handlerOf(Handler, { inject: [PerMessage] }));
    expect(codesOf(faults)).toEqual(['lifetime-mismatch']);
  });

  it('are made by a factory with dependencies of its own', async () => {
    const Price = token<string>('price');
    class Handler {
      constructor(readonly price: string) {}
      handle = () => this.price;
    }
    const provide = [bind(Rate, 2), bindFactory(Price, { inject: [Rate] }, (rate) => rate.toFixed(2))];
    const { instances } = await open(handlerOf(Handler, { inject: [Price] }), { provide });
    expect(instances()().handle({}, {})).toBe('2.00');
  });
});

describe('inversify', () => {
  @injectable()
  class Decorated {
    constructor(@inject(Counter) readonly counter: Counter) {}
    handle() {
      return this.counter;
    }
  }
  injectable()(Counter);

  it('resolves a class with its own decorators, without an inject list', async () => {
    const { faults, instances } = await open(handlerOf(Decorated));
    expect(faults).toEqual([]);
    expect(instances()().handle({}, {})).toBeInstanceOf(Counter);
  });

  it("resolves from the program's own container", async () => {
    const container = new Container();
    const mine = new Counter();
    container.bind(Counter).toConstantValue(mine);
    const { instances } = await open(handlerOf(Decorated), { container });
    expect(instances()().handle({}, {})).toBe(mine);
  });

  it('finds a class whose type was lost to a type-only import', async () => {
    class Lost {
      constructor(readonly counter: unknown) {}
      handle = () => undefined;
    }
    Reflect.defineMetadata('design:paramtypes', [Function], Lost);
    injectable()(Lost);
    const { faults } = await open(handlerOf(Lost));
    expect(codesOf(faults)).toEqual(['inject-erased']);
    expect(faults[0]?.message).toContain('Import it as a value');
  });

  it('accepts a lost type where @inject names the service', async () => {
    class Named {
      constructor(readonly counter: unknown) {}
      handle = () => this.counter;
    }
    Reflect.defineMetadata('design:paramtypes', [Object], Named);
    injectable()(Named);
    inject(Counter)(Named, undefined, 0);
    const { faults } = await open(handlerOf(Named));
    expect(faults).toEqual([]);
  });

  it('reports what its container cannot resolve', async () => {
    class Unknown {
      constructor(readonly client: unknown) {}
      handle = () => undefined;
    }
    injectable()(Unknown);
    inject('nowhere')(Unknown, undefined, 0);
    const { faults } = await open(handlerOf(Unknown));
    expect(codesOf(faults)).toEqual(['dependency-failed']);
  });
});

describe('the check at start', () => {
  class A {
    constructor(readonly b: unknown) {}
    handle = () => undefined;
  }
  class B {
    constructor(readonly a: unknown) {}
  }

  it('finds circles and names the way round', async () => {
    Service({ inject: [A] } as object)(B as never);
    const { faults } = await open(handlerOf(A as never, { inject: [B] }));
    expect(codesOf(faults)).toEqual(['dependency-cycle']);
    expect(faults[0]?.message).toContain('A → B → A');
  });

  it('finds tokens without a value and classes that nobody can make, all of them', async () => {
    class NeedsMuch {
      constructor(readonly what: unknown) {}
    }
    class Handler {
      constructor(
        readonly rate: number,
        readonly much: NeedsMuch,
      ) {}
      handle = () => undefined;
    }
    const { faults } = await open(handlerOf(Handler, { inject: [Rate, NeedsMuch] }));
    expect(codesOf(faults)).toEqual(['dependency-missing', 'inject-missing']);
  });

  it('reports a constructor that throws, with its reason', async () => {
    class Broken {
      constructor() {
        throw new Error('no settings');
      }
      handle = () => undefined;
    }
    const { faults } = await open(handlerOf(Broken));
    expect(faults).toMatchObject([
      { code: 'dependency-failed', message: expect.stringContaining('no settings') },
    ]);
  });

  it('covers what function handlers are given', async () => {
    const { faults } = await open(
      commandHandler(Ask, { inject: [Rate], authorize: anyone }, () => undefined),
    );
    expect(codesOf(faults)).toEqual(['dependency-missing']);
  });
});

describe('a function handler', () => {
  it('gets its dependencies behind message and context', async () => {
    const registration = commandHandler(Ask, { inject: [Rate, Counter] }, (_ask, _context, rate, counter) => [
      rate,
      counter.count,
    ]);
    const { instances } = await open(registration, { provide: [bind(Rate, 3)] });
    expect(instances()().handle({}, {})).toEqual([3, 0]);
  });

  it('gets new ones for each message where they live that long', async () => {
    const Each = token<object>('each');
    const registration = commandHandler(Ask, { inject: [Each] }, (_ask, _context, each) => each);
    const { instances } = await open(registration, {
      provide: [bindFactory(Each, { lifetime: 'request' }, () => ({}))],
    });
    const handler = instances()();
    expect(handler.handle({}, {})).not.toBe(handler.handle({}, {}));
  });
});
