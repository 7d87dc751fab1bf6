import { noMarks } from '@diptych/core';
import { standIn } from '@diptych/testing';
import type { Stores } from '../stores.js';

/** Documents are written with the marks that they had before. */
export function markNotWritten({ readModels }: Stores): Pick<Stores, 'readModels'> {
  return {
    readModels: standIn(readModels, {
      async write(copy, changes) {
        const before = await readModels.load(
          copy,
          changes.map(({ id }) => id),
        );
        return readModels.write(
          copy,
          changes.map((change, index) => ({ ...change, marks: before[index]?.marks ?? noMarks })),
        );
      },
    }),
  };
}
