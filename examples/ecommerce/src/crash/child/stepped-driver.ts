import type { DriverDatabase, DriverStatement, SqliteDriver } from '@diptych/sqlite-adapters';
import { standIn } from '@diptych/testing';
import type { Step } from '../step.js';
import type { Fuse } from './fuse.js';

/** What a transaction has done, by the statement that did it: its commit is then that step. */
const deeds: readonly (readonly [RegExp, Step])[] = [
  [/^\s*INSERT INTO diptych_journal/, 'between append and commit'],
  [/^\s*INSERT INTO diptych_migrations/, 'in a migration'],
];

/** The driver, with the moments inside of transactions that no port shows. */
export function steppedDriver(driver: SqliteDriver, fuse: Fuse): SqliteDriver {
  return {
    DatabaseSync: class {
      constructor(...args: ConstructorParameters<SqliteDriver['DatabaseSync']>) {
        // biome-ignore lint/correctness/noConstructorReturn: the driver makes its databases by `new`.
        return steppedDatabase(new driver.DatabaseSync(...args), fuse);
      }
    } as unknown as SqliteDriver['DatabaseSync'],
  };
}

function steppedDatabase(database: DriverDatabase, fuse: Fuse): DriverDatabase {
  let deed: Step | undefined;
  const before = (sql: string) => {
    if (sql !== 'COMMIT') return;
    if (deed !== undefined) fuse.pass(deed);
    deed = undefined;
  };
  const after = (sql: string) => {
    deed = deeds.find(([pattern]) => pattern.test(sql))?.[1] ?? deed;
  };
  return standIn(database, {
    exec(sql) {
      before(sql);
      database.exec(sql);
      after(sql);
    },
    prepare: (sql) => steppedStatement(database.prepare(sql), sql, { before, after }),
  });
}

interface Watch {
  readonly before: (sql: string) => void;
  readonly after: (sql: string) => void;
}

function steppedStatement(
  statement: DriverStatement,
  sql: string,
  { before, after }: Watch,
): DriverStatement {
  if (sql !== 'COMMIT' && deeds.every(([pattern]) => !pattern.test(sql))) return statement;
  return standIn(statement, {
    run(...values) {
      before(sql);
      const change = statement.run(...values);
      after(sql);
      return change;
    },
  });
}
