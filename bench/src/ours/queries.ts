import { createQueryBus, QueryHandler, type QueryRegistration, query, registrationOf } from '@diptych/core';
import type { Work } from '../harness/work.js';

/** Our bare query bus with so many registered types; the last of them is driven. */
export function ourQueries(work: Work, width: number) {
  const types = Array.from({ length: width }, (_, n) => handledType(work, n));
  const bus = createQueryBus({ handlers: types.map(({ registration }) => registration) });
  const { Find } = types.at(-1)!;
  return () => bus.execute(new Find());
}

function handledType(work: Work, n: number) {
  class Find extends query(`bench.Find${n}`).returns<string>() {}
  class OnFind {
    handle() {
      return work.handle();
    }
  }
  QueryHandler(Find)(OnFind);
  return { Find, registration: registrationOf(OnFind) as QueryRegistration };
}
