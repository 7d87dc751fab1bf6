import type { Aggregate } from './aggregates.js';
import type { Grouping } from './compiled-query.js';
import type { Row } from './row.js';
import { identityOf } from './values.js';

interface Group {
  readonly first: Row;
  readonly aggregates: readonly Aggregate[];
}

/** One row for each group, in the order in which they begin. Without keys all rows are one group, also none. */
export function grouped({ keys, aggregates }: Grouping, rows: Iterable<Row>, outer: Row): readonly Row[] {
  const groups = new Map<string, Group>();
  const groupOf = (key: string, first: Row): Group => {
    const group = groups.get(key) ?? { first, aggregates: aggregates.map(({ make }) => make()) };
    groups.set(key, group);
    return group;
  };
  if (keys.length === 0) groupOf('', outer);
  for (const row of rows) {
    const group = groupOf(keys.map((key) => identityOf(key(row))).join('\n'), row);
    for (const [index, aggregate] of group.aggregates.entries()) aggregate.add(aggregates[index]!.value(row));
  }
  return [...groups.values()].map((group) => ({
    ...group.first,
    aggregated: group.aggregates.map((aggregate) => aggregate.result()),
  }));
}
