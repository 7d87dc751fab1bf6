import type { OperationInput } from '@azure/cosmos';
import { attempts } from './attempts.js';
import { json } from './json.js';
import { type LeasesItem, leasesId } from './subscription-items.js';
import { type Found, operationsInBatch, type SubscriptionSpace } from './subscription-space.js';

/**
 * Removes subscriptions. There may be more than a batch can take away, so the leases say first that it is forgotten,
 * and go last: whoever comes in between finishes that before anything else, and nobody finds a part of what was.
 */
export class Forgetting {
  readonly #space: SubscriptionSpace;

  constructor(space: SubscriptionSpace) {
    this.#space = space;
  }

  async forget(subscription: string): Promise<void> {
    for (const attempt of attempts(`Subscription '${subscription}'`)) {
      const { found } = await this.#space.fresh<LeasesItem>(subscription, leasesId);
      if (found === undefined || found.item.isForgotten) break;
      const outcome = await this.#space.write(subscription, [leasesAs(found, { isForgotten: true })]);
      if (outcome.kind === 'written') break;
      attempt.failed(outcome.kind === 'unknown' ? outcome.cause : undefined);
    }
    await this.finish(subscription);
  }

  /** Removes the rest of a subscription that is forgotten. */
  async finish(subscription: string): Promise<void> {
    while (await this.#removeSome(subscription));
  }

  async forgetDiscards(subscription: string): Promise<void> {
    for (const attempt of attempts(`What was discarded of subscription '${subscription}'`)) {
      const { session } = await this.#space.fresh(subscription, leasesId);
      const ids = await this.#space.rows<string>(
        subscription,
        { query: `SELECT VALUE c.id FROM c WHERE c.kind = 'discarded'` },
        { session },
      );
      const outcome = await this.#deleteAll(subscription, ids);
      if (outcome.kind === 'written') return;
      attempt.failed(outcome.kind === 'unknown' ? outcome.cause : undefined);
    }
  }

  async #deleteAll(subscription: string, ids: readonly string[]) {
    for (let at = 0; at < ids.length; at += operationsInBatch) {
      const outcome = await this.#space.write(
        subscription,
        ids.slice(at, at + operationsInBatch).map(deletion),
      );
      if (outcome.kind !== 'written') return outcome;
    }
    return { kind: 'written' as const };
  }

  /** Says whether anything may be left. Partitions go first, so that nobody who had one can write any more. */
  async #removeSome(subscription: string): Promise<boolean> {
    for (const attempt of attempts(`Subscription '${subscription}'`)) {
      const { found, session } = await this.#space.fresh<LeasesItem>(subscription, leasesId);
      if (found === undefined || !found.item.isForgotten) return false;
      const ids = await this.#idsLeft(subscription, session);
      const operations =
        ids.length > 0
          ? [leasesAs(found, { isForgotten: true }), ...ids.map(deletion)]
          : [leasesAs(found, { isForgotten: true }), deletion(leasesId)];
      const outcome = await this.#space.write(subscription, operations);
      if (outcome.kind === 'written') return ids.length > 0;
      attempt.failed(outcome.kind === 'unknown' ? outcome.cause : undefined);
    }
    return false;
  }

  async #idsLeft(subscription: string, session: string | undefined): Promise<readonly string[]> {
    for (const kind of ['partition', 'parked']) {
      const ids = await this.#space.rows<string>(
        subscription,
        {
          query: `SELECT TOP ${operationsInBatch - 1} VALUE c.id FROM c WHERE c.kind = @kind`,
          parameters: { kind },
        },
        { session },
      );
      if (ids.length > 0) return ids;
    }
    return [];
  }
}

/** Written each time, on the condition that it is as it was: so two who remove do not take away what came after. */
function leasesAs({ item, etag }: Found<LeasesItem>, change: Partial<LeasesItem>): OperationInput {
  return {
    operationType: 'Replace',
    id: leasesId,
    ifMatch: etag,
    resourceBody: json({ ...item, ...change }),
  };
}

function deletion(id: string): OperationInput {
  return { operationType: 'Delete', id };
}
