import type { Clock } from '../../clock/clock.js';
import { hasComposite, indexed } from '../account/indexing-policy.js';
import { queryCharge } from '../charges/request-charges.js';
import { badRequest } from '../cosmos-error.js';
import type { ItemContainer } from '../items/item-container.js';
import type { JsonValue } from '../items/json.js';
import { type PartitionKey, prefixOf } from '../items/partition-key.js';
import type { CompiledSort } from '../sql/compiled-query.js';
import { sqlError } from '../sql/sql-error.js';
import type { Value } from '../sql/values.js';
import { continuationOf, questionOf, readContinuation } from './continuation.js';
import type { AskedQuery } from './query-text.js';
import { type Candidate, runQuery } from './run-query.js';

const largestPage = 4 * 1024 * 1024;

export interface ItemQuery {
  readonly asked: AskedQuery;
  /** Default: items of all keys. */
  readonly key: PartitionKey | undefined;
  /** The write that the replica has come to. */
  readonly lsn: number;
  readonly mostResults: number;
  readonly continuation: string | undefined;
  readonly clock: Clock;
}

export interface QueryAnswer {
  readonly results: readonly JsonValue[];
  readonly continuation: string | undefined;
  readonly charge: number;
}

export function queryItems(container: ItemContainer, query: ItemQuery): QueryAnswer {
  const { asked, key, lsn, clock } = query;
  const { compiled, parameters } = asked;
  const question = questionOf(container.rid, asked.text, [...parameters], key?.text ?? null);
  const page = runQuery({
    query: compiled,
    given: { parameters, clock },
    candidates: (from) => candidates(container, key, lsn, from),
    limits: { results: query.mostResults, bytes: largestPage },
    after: query.continuation === undefined ? undefined : readContinuation(query.continuation, question),
    isSortable: sortable(container, compiled.sorts),
  });
  return {
    results: page.results,
    continuation: page.next && continuationOf(question, page.next),
    charge: queryCharge(page.scanned, Buffer.byteLength(JSON.stringify(page.results))),
  };
}

function* candidates(
  container: ItemContainer,
  key: PartitionKey | undefined,
  lsn: number,
  from: number,
): Iterable<Candidate> {
  const orders = key === undefined ? [container.orders] : container.partitionsOf(key);
  // Items of several keys are in one order again only where they are looked at as a whole.
  const [only] = orders;
  const slots = orders.length > 1 ? container.orders : only;
  if (slots === undefined) return;
  const wanted = orders.length > 1 && key !== undefined ? prefixOf(key) : undefined;
  for (const [sequence, slot] of slots.byCreation.entries(from)) {
    if (wanted !== undefined && !slot.key.text.startsWith(wanted)) continue;
    const item = container.alive(slot.at(lsn));
    if (item !== undefined) yield { sequence, body: item.body };
  }
}

/** Throws where the container has no index for the order. */
function sortable(
  container: ItemContainer,
  sorts: readonly CompiledSort[],
): (sorted: readonly Value[]) => boolean {
  const { indexing } = container.settings;
  if (sorts.length > 1) {
    if (hasComposite(indexing, sorts)) return () => true;
    throw badRequest(
      'The order by query does not have a corresponding composite index that it can be served from.',
    );
  }
  const [sort] = sorts;
  if (sort === undefined) return () => true;
  const index = indexed(indexing, sort.path);
  if (index === 'none') {
    throw sqlError(`The order by property ${sort.path} is excluded from the index.`, 'SC2207');
  }
  // Items that lack the property are in the index only where the policy names it.
  return index === 'exact' ? () => true : ([value]) => value !== undefined;
}
