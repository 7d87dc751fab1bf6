import type { ReadModelStore } from '@diptych/core';

/** Called before and after each call that feeds documents; what it throws, the caller gets. */
export type Watcher = (operation: 'load' | 'write', when: 'before' | 'after') => void | Promise<void>;

/** The same store, with somebody watching who may fail or hold up its calls. */
export function watchedStore(store: ReadModelStore, watch: Watcher): ReadModelStore {
  const around =
    <Input extends unknown[], Output>(
      operation: 'load' | 'write',
      call: (...input: Input) => Promise<Output>,
    ) =>
    async (...input: Input): Promise<Output> => {
      await watch(operation, 'before');
      const output = await call(...input);
      await watch(operation, 'after');
      return output;
    };
  return {
    capabilities: store.capabilities,
    create: (...input) => store.create(...input),
    drop: (...input) => store.drop(...input),
    list: (...input) => store.list(...input),
    abandon: (...input) => store.abandon(...input),
    switch: (...input) => store.switch(...input),
    removeTombstones: (...input) => store.removeTombstones(...input),
    open: (...input) => store.open(...input),
    load: around('load', (...input: Parameters<ReadModelStore['load']>) => store.load(...input)),
    write: around('write', (...input: Parameters<ReadModelStore['write']>) => store.write(...input)),
  };
}
