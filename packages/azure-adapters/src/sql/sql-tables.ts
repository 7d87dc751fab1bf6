import { ProgrammingError } from '@diptych/core';

const names = [
  'meta',
  'migrations',
  'journal',
  'inbox',
  'scheduled',
  'snapshots',
  'subscriptions',
  'owners',
  'parked',
  'discarded',
  'copies',
  'dropped',
  'documents',
  'document_index',
] as const;

/** Our tables, each by its whole name as statements have it. */
export type SqlTables = { readonly [Name in (typeof names)[number]]: string };

/**
 * The tables in that schema. The name of a schema cannot be a parameter, so it is checked to be nothing else.
 * @throws ProgrammingError `invalid-schema-name`.
 */
export function tablesIn(schema: string): SqlTables {
  assertSchemaName(schema);
  return Object.fromEntries(names.map((name) => [name, `[${schema}].[${name}]`])) as unknown as SqlTables;
}

function assertSchemaName(schema: string): void {
  if (/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(schema)) return;
  throw new ProgrammingError(
    'invalid-schema-name',
    `A schema is named by a letter, then up to 63 letters, digits and '_', not '${schema}'.`,
    { schema },
  );
}

/** In every text that is compared or ordered: by code unit, as in code. */
export const byCodeUnit = 'COLLATE Latin1_General_100_BIN2';
