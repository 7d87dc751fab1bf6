import { type Position, positionLength } from '../partitions/position.js';

declare const brand: unique symbol;

/**
 * For each partition that has touched a document, the last position applied. A text, so that a store keeps it as it is;
 * documents that have seen the same events have the same one.
 */
export type Marks = string & { readonly [brand]: 'marks' };

/** Of a document that no event has touched. */
export const noMarks = '' as Marks;

/** Each mark begins so; they are in the order of the partitions. */
function beginOf(partition: number): string {
  return `,${partition}:`;
}

/** The last position of that partition that was applied; `undefined` for none. */
export function markOf(marks: Marks, partition: number): Position | undefined {
  const begin = beginOf(partition);
  const at = marks.indexOf(begin);
  if (at === -1) return undefined;
  const from = at + begin.length;
  return marks.slice(from, from + positionLength) as Position;
}

/** The same marks with that one for the partition. */
export function withMark(marks: Marks, partition: number, position: Position): Marks {
  const begin = beginOf(partition);
  const at = marks.indexOf(begin);
  if (at === -1) return marksOf([...marksIn(marks), [partition, position]]);
  const end = at + begin.length + positionLength;
  // Most documents are of one partition.
  if (at === 0 && end === marks.length) return (begin + position) as Marks;
  return (marks.slice(0, at) + begin + position + marks.slice(end)) as Marks;
}

/** The caller gives each partition once. */
export function marksOf(marks: Iterable<readonly [partition: number, position: Position]>): Marks {
  return [...marks]
    .sort(([one], [other]) => one - other)
    .map(([partition, position]) => beginOf(partition) + position)
    .join('') as Marks;
}

/** By partition, in their order. */
export function marksIn(marks: Marks): readonly (readonly [partition: number, position: Position])[] {
  return marks
    .split(',')
    .slice(1)
    .map((mark) => {
      const [partition, position] = mark.split(':') as [string, Position];
      return [Number(partition), position] as const;
    });
}
