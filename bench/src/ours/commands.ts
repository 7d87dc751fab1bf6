import {
  CommandHandler,
  type CommandRegistration,
  command,
  createCommandBus,
  type Lifetime,
  registrationOf,
} from '@diptych/core';
import type { Work } from '../harness/work.js';

export interface OurCommandsOptions {
  /** Default `singleton`. */
  readonly lifetime?: Lifetime;
}

/** Our bare command bus with so many registered types; the last of them is driven. */
export function ourCommands(work: Work, width: number, { lifetime = 'singleton' }: OurCommandsOptions = {}) {
  const types = Array.from({ length: width }, (_, n) => handledType(work, n, lifetime));
  const bus = createCommandBus({ handlers: types.map(({ registration }) => registration) });
  const { Place } = types.at(-1)!;
  return () => bus.execute(new Place());
}

function handledType(work: Work, n: number, lifetime: Lifetime) {
  class Place extends command(`bench.Place${n}`).returns<string>() {}
  class OnPlace {
    handle() {
      return work.handle();
    }
  }
  CommandHandler(Place, { lifetime })(OnPlace);
  return { Place, registration: registrationOf(OnPlace) as CommandRegistration };
}
