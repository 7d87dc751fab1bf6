import type { RecordedEvent } from '@diptych/core';
import { seededRandom } from '../doubles/seeded-random.js';

/** How many orders are tried one by one; of more, that many are drawn. */
const maxOrders = 200;

/**
 * Orders in which several partitions may reach a consumer: each partition in its own order, everything else free.
 * All of them where there are few; otherwise a sample that is the same in each run, the extremes included.
 */
export function interleavings(events: readonly RecordedEvent[]): readonly (readonly RecordedEvent[])[] {
  const partitions = byPartition(events);
  const every = allOrders(partitions, maxOrders + 1);
  if (every.length <= maxOrders) return every;
  const random = seededRandom(1);
  const drawn = Array.from({ length: maxOrders - 2 }, () => drawOrder(partitions, random));
  return [partitions.flat(), partitions.toReversed().flat(), ...drawn];
}

function byPartition(events: readonly RecordedEvent[]): readonly (readonly RecordedEvent[])[] {
  const groups = new Map<number, RecordedEvent[]>();
  for (const event of events) groups.set(event.partition, [...(groups.get(event.partition) ?? []), event]);
  return [...groups.values()];
}

function allOrders(partitions: readonly (readonly RecordedEvent[])[], limit: number): RecordedEvent[][] {
  const orders: RecordedEvent[][] = [];
  const walk = (done: readonly RecordedEvent[], rest: readonly (readonly RecordedEvent[])[]): void => {
    if (orders.length >= limit) return;
    if (rest.length === 0) orders.push([...done]);
    for (const [index, [next, ...later]] of rest.entries()) {
      const others = rest.filter((_, at) => at !== index);
      walk([...done, next!], later.length === 0 ? others : [later, ...others]);
    }
  };
  walk([], partitions);
  return orders;
}

function drawOrder(partitions: readonly (readonly RecordedEvent[])[], random: () => number): RecordedEvent[] {
  const rest = partitions.map((partition) => [...partition]);
  const order: RecordedEvent[] = [];
  while (rest.some((partition) => partition.length > 0)) {
    const open = rest.filter((partition) => partition.length > 0);
    order.push(open[Math.floor(random() * open.length)]!.shift()!);
  }
  return order;
}
