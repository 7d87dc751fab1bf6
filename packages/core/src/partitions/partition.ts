import { murmur3 } from './murmur3.js';

/** How many partitions a journal gets when it is made, unless told otherwise. It never changes afterwards. */
export const defaultPartitionCount = 32;

/** The partition of a stream: MurmurHash3 of its partition key, modulo the count that the journal stores. */
export function partitionOf(partitionKey: string, count: number): number {
  return murmur3(partitionKey) % count;
}
