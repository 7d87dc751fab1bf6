import { ProgrammingError } from '../errors/programming-errors.js';
import { murmur3 } from './murmur3.js';

/** How many partitions a journal gets when it is made, unless told otherwise. It never changes afterwards. */
export const defaultPartitionCount = 32;

/** What fits the partition of a consistency token. */
const maxPartitionCount = 65_536;

/** The partition of a stream: MurmurHash3 of its partition key, modulo the count that the journal stores. */
export function partitionOf(partitionKey: string, count: number): number {
  return murmur3(partitionKey) % count;
}

/** @throws ProgrammingError `invalid-partition-count` for a count that no journal can have. */
export function assertPartitionCount(count: number): void {
  if (Number.isInteger(count) && count >= 1 && count <= maxPartitionCount) return;
  throw new ProgrammingError(
    'invalid-partition-count',
    `A journal has between 1 and ${maxPartitionCount} partitions, not ${count}.`,
  );
}
