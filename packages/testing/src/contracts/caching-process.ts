import {
  anyone,
  type Behavior,
  createQueryBus,
  formatConsistency,
  positionAt,
  type QueryCacheStore,
  type QueryMessageContext,
  query,
  queryBehaviors,
  queryHandler,
  systemClock,
} from '@diptych/core';

class Report extends query('contract.Report').returns<unknown>() {}

interface HandlerRun {
  answer(result: unknown): void;
}

/** One process that answers a query through a store of answers; a test tells what its handler answers. */
export interface CachingProcess {
  /** How often the handler was run. */
  readonly runs: number;
  /** Resolves when the handler is run for the n-th time. */
  run(nth: number): Promise<HandlerRun>;
  /** Asks; for what holds that row at least, where one is given. */
  ask(row?: number): Promise<unknown>;
  /** Resolves when all answers that were brought to the store have got there. */
  kept(): Promise<unknown>;
}

/** `row`: how far its read models have come. */
export function cachingProcess(store: QueryCacheStore, { row = 1 } = {}): CachingProcess {
  const runs: HandlerRun[] = [];
  const awaited: (() => void)[] = [];
  const keeping: Promise<unknown>[] = [];
  const position = (of: number) => positionAt(of, 0);
  const readModels: Behavior<QueryMessageContext> = {
    name: 'read models',
    wrap: (next) => (message, context) => {
      context.answeredAt = { incarnation: 'contract', positions: new Map([[0, position(row)]]) };
      return next(message, context);
    },
  };
  const cache = { ttlInMs: 600_000, jitter: 0, sharedBy: 'tenant' } as const;
  const handler = queryHandler(Report, { authorize: anyone, cache }, () => {
    const result = new Promise<unknown>((resolve) => runs.push({ answer: resolve }));
    for (const told of awaited.splice(0)) told();
    return result;
  });
  const watched: QueryCacheStore = {
    look: (...call) => store.look(...call),
    keep(...call) {
      const kept = store.keep(...call);
      keeping.push(kept);
      return kept;
    },
    release: (...call) => store.release(...call),
  };
  // Generous, for a machine that is busy: how long a store may take is tested elsewhere.
  const settings = { store: watched, storeTimeoutInMs: 10_000, leaseInMs: 60_000, waitInMs: 20_000 };
  const bus = createQueryBus({
    handlers: [handler],
    behaviors: queryBehaviors({ clock: systemClock, readModels, cache: settings }),
  });
  return {
    get runs() {
      return runs.length;
    },
    async run(nth) {
      while (runs.length < nth) await new Promise<void>((resolve) => awaited.push(resolve));
      return runs[nth - 1]!;
    },
    ask: (asked) => bus.execute(new Report(), asked === undefined ? {} : { after: holding(position(asked)) }),
    kept: () => Promise.all(keeping),
  };
}

function holding(last: ReturnType<typeof positionAt>) {
  return formatConsistency({ incarnation: 'contract', ranges: [{ partition: 0, first: last, last }] });
}
