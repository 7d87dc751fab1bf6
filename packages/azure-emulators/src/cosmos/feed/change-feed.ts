import { queryCharge } from '../charges/request-charges.js';
import { badRequest } from '../cosmos-error.js';
import type { CosmosAnswer, CosmosRequest } from '../http/cosmos-request.js';
import { mostResultsIn, refusePartOfRange, visibleLsn } from '../http/read-options.js';
import type { ItemContainer } from '../items/item-container.js';
import type { ItemSlot } from '../items/item-slot.js';
import type { JsonObject } from '../items/json.js';
import type { PartitionKey } from '../items/partition-key.js';
import { ordersPerUnit, type StoredItem } from '../items/stored-item.js';

const largestPage = 4 * 1024 * 1024;

/** The items that were written since, each as its last write left it, in the order of these writes. */
export function changesOf(
  request: CosmosRequest,
  container: ItemContainer,
  key: PartitionKey | undefined,
): CosmosAnswer {
  if (request.header('a-im') !== 'Incremental Feed') {
    throw badRequest('Only the change feed of latest versions is supported.');
  }
  refusePartOfRange(request);
  const lsn = visibleLsn(request, container);
  const from = startIn(request, lsn);
  const changes: JsonObject[] = [];
  let reached = lsn;
  let bytes = 0;
  for (const item of written(container, key, from.lsn, lsn)) {
    if ((item.body._ts as number) < from.second) continue;
    // A batch is not torn in two.
    const isFull = changes.length >= mostResultsIn(request) || bytes >= largestPage;
    if (isFull && item.lsn !== reached) break;
    changes.push({ ...item.body, _lsn: item.lsn });
    bytes += item.bytes;
    reached = item.lsn;
  }
  const isCaughtUp = changes.length === 0;
  const answer = {
    headers: { etag: `"${isCaughtUp ? lsn : reached}"`, 'x-ms-item-count': String(changes.length) },
    charge: queryCharge(changes.length, bytes),
  };
  if (isCaughtUp) return { status: 304, ...answer };
  return {
    status: 200,
    ...answer,
    body: { _rid: container.rid, Documents: changes, _count: changes.length },
  };
}

function* written(
  container: ItemContainer,
  key: PartitionKey | undefined,
  after: number,
  until: number,
): Iterable<StoredItem> {
  for (const slot of slotsSince(container, key, (after + 1) * ordersPerUnit)) {
    const item = container.alive(slot.current);
    if (item !== undefined && item.lsn > until) return;
    if (item !== undefined) yield item;
  }
}

function slotsSince(
  container: ItemContainer,
  key: PartitionKey | undefined,
  order: number,
): Iterable<ItemSlot> {
  const orders = key === undefined ? [container.orders] : container.partitionsOf(key);
  const entries = orders.map(({ byWrite }) => byWrite.entries(order));
  if (entries.length === 1) return slotsIn(entries[0]!);
  const merged = entries.flatMap((one) => [...one]).sort(([one], [other]) => one - other);
  return merged.map(([, slot]) => slot);
}

function* slotsIn(entries: Iterable<[number, ItemSlot]>): Iterable<ItemSlot> {
  for (const [, slot] of entries) yield slot;
}

interface Start {
  readonly lsn: number;
  /** Nothing older, in seconds since the epoch. */
  readonly second: number;
}

/** `if-none-match`: `*` for now, else what the last answer said; `if-modified-since`: a time; else the beginning. */
function startIn(request: CosmosRequest, lsn: number): Start {
  const seen = request.header('if-none-match');
  if (seen === '*') return { lsn, second: 0 };
  if (seen !== undefined) {
    const [, number] = /^"?(\d+)"?$/.exec(seen) ?? [];
    if (number === undefined) throw badRequest(`The change feed cannot go on from '${seen}'.`);
    return { lsn: Number(number), second: 0 };
  }
  const since = request.header('if-modified-since');
  if (since === undefined) return { lsn: 0, second: 0 };
  const instant = Date.parse(since);
  if (Number.isNaN(instant)) throw badRequest(`'${since}' is no time.`);
  return { lsn: 0, second: instant / 1000 };
}
