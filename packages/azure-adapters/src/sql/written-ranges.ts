import { type Position, positionAt, type WrittenRange } from '@diptych/core';

/** What the final batch noted of each append, `partition:row:index:count;`, as the first and last of each partition. */
export function rangesOf(written: string): readonly WrittenRange[] {
  const ranges = new Map<number, { partition: number; first: Position; last: Position }>();
  for (const part of written.split(';')) {
    if (part === '') continue;
    const [partition, row, index, count] = part.split(':') as [string, string, string, string];
    const first = positionAt(BigInt(row), Number(index));
    const last = positionAt(BigInt(row), Number(index) + Number(count) - 1);
    const known = ranges.get(Number(partition));
    if (known === undefined) ranges.set(Number(partition), { partition: Number(partition), first, last });
    else known.last = last;
  }
  return [...ranges.values()];
}
