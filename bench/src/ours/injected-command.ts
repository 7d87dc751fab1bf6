import {
  CommandHandler,
  type CommandRegistration,
  command,
  createCommandBus,
  type Lifetime,
  registrationOf,
  Service,
} from '@diptych/core';
import type { Work } from '../harness/work.js';

class Store {}

/** One handler with a dependency that is made once and one that lives as long as the handler, through our resolver. */
export function injectedCommand(work: Work, lifetime: Lifetime): () => Promise<unknown> {
  class Place extends command(`bench.Place.${lifetime}`).returns<string>() {}
  class Orders {
    constructor(readonly store: Store) {}
  }
  Service({ inject: [Store], lifetime })(Orders);
  class OnPlace {
    constructor(
      readonly store: Store,
      readonly orders: Orders,
    ) {}
    handle() {
      return work.handle();
    }
  }
  CommandHandler(Place, { inject: [Store, Orders], lifetime })(OnPlace);
  const bus = createCommandBus({ handlers: [registrationOf(OnPlace) as CommandRegistration] });
  return () => bus.execute(new Place());
}
