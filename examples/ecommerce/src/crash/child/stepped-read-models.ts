import type { Copy, ReadModelStore } from '@diptych/core';
import { standIn } from '@diptych/testing';
import type { Fuse } from './fuse.js';

export function steppedReadModels(store: ReadModelStore, fuse: Fuse): ReadModelStore {
  const building = new Set<string>();
  return standIn(store, {
    async create(definition, copy) {
      const info = await store.create(definition, copy);
      if (info.state === 'building') building.add(nameOf(copy));
      return info;
    },
    async write(copy, changes) {
      if (building.has(nameOf(copy))) fuse.pass('in a rebuild');
      fuse.pass('before documents');
      const outcomes = await store.write(copy, changes);
      fuse.pass('after documents');
      return outcomes;
    },
    async switch(from, to, options) {
      fuse.pass('before a switch');
      const outcome = await store.switch(from, to, options);
      building.delete(nameOf(to));
      fuse.pass('after a switch');
      return outcome;
    },
  });
}

function nameOf({ model, version, generation }: Copy): string {
  return `${model}/${version}/${generation}`;
}
