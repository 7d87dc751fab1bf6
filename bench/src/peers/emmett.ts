import {
  CommandHandler,
  type Event,
  getInMemoryEventStore,
  getInMemoryMessageBus,
} from '@event-driven-io/emmett';
import type { Work } from '../harness/work.js';

export interface EmmettPeer {
  /** Resolves to nothing: Emmett's bus has commands without results, and no queries. */
  send(): Promise<void>;
  publish(): Promise<void>;
}

/** Emmett's in-memory message bus with so many registered types of each kind; the last of them is driven. */
export function emmettPeer(work: Work, width: number): EmmettPeer {
  const bus = getInMemoryMessageBus();
  for (let n = 0; n < width; n++) {
    bus.handle(work.handleEvent, `Place${n}`);
    bus.subscribe(work.handleEvent, `Placed${n}`);
  }
  const last = width - 1;
  return {
    send: () => bus.send({ type: `Place${last}`, data: {} }),
    publish: () => bus.publish({ type: `Placed${last}`, data: {} }),
  };
}

type Placed = Event<'Placed', Record<string, never>>;

/** How many streams a store is given before a new one takes over: Emmett's gets slower with each. */
export const streamsPerStore = 1000;

/** Emmett's `CommandHandler` on its in-memory store, each call on a stream of its own. */
export function emmettAppend(work: Work): () => Promise<unknown> {
  const handle = CommandHandler<number, Placed>({ initialState: () => 0, evolve: (count) => count + 1 });
  let store = getInMemoryEventStore();
  let stream = 0;
  return () => {
    if (++stream % streamsPerStore === 0) store = getInMemoryEventStore();
    return handle(store, `stream-${stream}`, () => {
      work.handled++;
      return { type: 'Placed', data: {} };
    });
  };
}
