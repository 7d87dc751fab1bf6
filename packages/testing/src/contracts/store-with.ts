import type { WriteStore } from '@diptych/core';

/** A store that does some things in another way, for a test. */
export function storeWith<Native>(
  store: WriteStore<Native>,
  changed: Partial<WriteStore<Native>>,
): WriteStore<Native> {
  return {
    options: store.options,
    begin: (options) => store.begin(options),
    claim: (key, options) => store.claim(key, options),
    commit: (batch) => store.commit(batch),
    loadStream: (stream, options) => store.loadStream(stream, options),
    findSettled: (key) => store.findSettled(key),
    moveDue: (partition, limit) => store.moveDue(partition, limit),
    forgetSettled: (limit) => store.forgetSettled(limit),
    ...(store.errorOf && { errorOf: (error: unknown) => store.errorOf?.(error) }),
    ...changed,
  };
}
