import type { App } from '@diptych/core';
import type { SqliteDatabase, SqliteRows } from '@diptych/sqlite-adapters';
import { allCaughtUp, NotCaughtUpError } from '../caught-up.js';
import { createShop } from '../shop.js';
import { sqliteStorage } from '../storage/sqlite-storage.js';
import { crashMigrations } from './child/crash-migrations.js';
import type { Aftermath } from './crash-run.js';
import type { Finding } from './finding.js';
import { asking } from './judge/asking.js';
import { judgeJournal } from './judge/judge-journal.js';
import { judgeReadModels } from './judge/judge-read-models.js';
import { readJournal, readOrders } from './judge/rows.js';

export interface Judgement {
  readonly findings: readonly Finding[];
  /** How many documents were compared with a fold of the journal. */
  readonly compared: number;
}

/**
 * Lets a sound shop finish what is left in the file, and then compares: what customers were told, the journal, the
 * rows, and every read model.
 */
export async function judge(folder: string, { record, findings, migrations }: Aftermath): Promise<Judgement> {
  const storage = await sqliteStorage(folder, { migrations: crashMigrations(migrations) });
  const shop = await createShop({ storage, subscriptions: { leaseInMs: 700, pollInMs: 100 } });
  try {
    await shop.start();
    const stuck = await untilCaughtUp(shop);
    const { rows } = storage.database as SqliteDatabase;
    const journal = readJournal(rows);
    const readModels = await judgeReadModels(journal, asking(shop));
    const written = judgeJournal(journal, readOrders(rows), record.sent);
    const schema = judgeSchema(rows, migrations);
    return {
      findings: [...findings, ...stuck, ...written, ...readModels.findings, ...schema],
      compared: readModels.compared,
    };
  } finally {
    await shop.stop();
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
function judgeSchema(rows: SqliteRows, migrations: number): readonly Finding[] {
  const names = rows
    .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE name LIKE 'crash@_%' ESCAPE '@'")
    .map(({ name }) => name);
  return Array.from({ length: migrations }, (_, index) => `crash_${index + 1}`)
    .flatMap((name) => [name, `${name}_orders`])
    .filter((name) => !names.includes(name))
    .map((name) => ({ kind: 'lost', what: `the schema has no ${name}` }));
}
