import { createRequire } from 'node:module';
import type sortedTree from 'sorted-btree';

// Required and not imported: runners do not agree on what the default of such a CommonJS module is.
const library = createRequire(import.meta.url)('sorted-btree') as typeof sortedTree;

/** A map in the order of its keys; adding, removing, the first one and the next one each take O(log n). */
export class SortedTree<K, V> extends library.default<K, V> {}
