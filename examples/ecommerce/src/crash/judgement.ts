import type { App } from '@diptych/core';
import { allCaughtUp, NotCaughtUpError } from '../caught-up.js';
import { namedReadModels } from '../read-models/named-read-models.js';
import { createShop } from '../shop.js';
import { shopOptions } from '../shop-options.js';
import type { Aftermath } from './crash-run.js';
import type { Services } from './faulty-services.js';
import type { Finding } from './finding.js';
import type { Ground } from './grounds/ground.js';
import { asking } from './judge/asking.js';
import { judgeJournal } from './judge/judge-journal.js';
import { judgeReadModels } from './judge/judge-read-models.js';

export interface Judgement {
  readonly findings: readonly Finding[];
  /** How many documents were compared with a fold of the journal. */
  readonly compared: number;
}

/**
 * Lets a sound shop finish what is left, and then compares: what customers were told, the journal, the
 * rows, and every read model.
 */
export async function judge(
  ground: Ground,
  { environment }: Services,
  { record, findings, migrations }: Aftermath,
): Promise<Judgement> {
  const storage = await ground.open(migrations);
  const readModels = await namedReadModels(shopOptions([], environment), storage, () => {});
  const shop = await createShop({ storage, readModels, subscriptions: { leaseInMs: 700, pollInMs: 100 } });
  try {
    await shop.start();
    const stuck = await untilCaughtUp(shop);
    const { journal, orders, made } = await ground.rows(storage);
    const answers = await judgeReadModels(journal, asking(shop));
    const written = judgeJournal(journal, orders, record.sent);
    const schema = judgeSchema(made, migrations);
    return {
      findings: [...findings, ...stuck, ...written, ...answers.findings, ...schema],
      compared: answers.compared,
    };
  } finally {
    await shop.stop();
    await readModels.close();
    await storage.close();
  }
}

/** What an operator's switch parked is tried again, now that it is mended. What parks once more is a finding. */
async function untilCaughtUp(shop: App): Promise<readonly Finding[]> {
  for (let attempt = 0; attempt < 3; attempt += 1) {
    for (const head of await shop.operations.parked()) await shop.operations.retry(head);
    try {
      await allCaughtUp(shop);
      return [];
    } catch (error) {
      if (!(error instanceof NotCaughtUpError)) throw error;
    }
  }
  const parked = await shop.operations.parked();
  return parked.map(({ name, subscription, failure }) => ({
    kind: 'lost',
    what: `a ${name} stays parked in ${subscription}: ${failure?.message ?? 'it waits'}`,
  }));
}

/** Every step of the schema is there whole, and once. */
function judgeSchema(made: readonly string[], migrations: number): readonly Finding[] {
  return Array.from({ length: migrations }, (_, index) => `crash_${index + 1}`)
    .flatMap((name) => [name, `${name}_orders`])
    .filter((name) => !made.includes(name))
    .map((name) => ({ kind: 'lost', what: `the schema has no ${name}` }));
}
