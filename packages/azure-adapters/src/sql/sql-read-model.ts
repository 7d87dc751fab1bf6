import {
  type Copy,
  DiptychError,
  type FieldValues,
  type FindOptions,
  type FoundPage,
  indexKeyOf,
  ProgrammingError,
  pageSizeOf,
  type ReadModel,
  type ReadModelDefinition,
  type RequiredFreshness,
  requireIndex,
  restored,
  type SortValue,
} from '@diptych/core';
import { copyUnknown, type HeldCopy, type SqlCopies } from './copies.js';
import { entryKey, sortColumns } from './document-entries.js';
import { documentKey } from './documents.js';
import type { SqlReplica } from './replica.js';
import type { SqlClient } from './sql-client.js';
import {
  bytes32,
  float,
  indexedName,
  int,
  longIndexedName,
  type SqlParameter,
  type SqlParameters,
  text,
} from './sql-parameters.js';
import type { SqlTables } from './sql-tables.js';

export interface SqlReadModelOptions {
  readonly definition: ReadModelDefinition;
  readonly copy: Copy;
  readonly tenant: string;
  readonly copies: SqlCopies;
  readonly client: SqlClient;
  readonly tables: SqlTables;
  /** Asked first, where there is one. */
  readonly replica: SqlReplica | undefined;
  readonly atLeast: RequiredFreshness | undefined;
}

/** What `native()` gives: T-SQL over this copy's documents of this tenant. */
export interface SqlReadModelHandle {
  readonly copy: Copy;
  readonly tenant: string;
  /**
   * The rows of a query that reads from `documents`, which has the columns `id` and `body` (JSON text):
   * `SELECT JSON_VALUE(body, '$.status') AS status, COUNT(*) AS orders FROM documents GROUP BY JSON_VALUE(body, '$.status')`.
   * Values are parameters, whose names do not begin with `diptych_`: a text, a number, or one with a type of `mssql` of its own.
   * @throws ProgrammingError `parameter-reserved`.
   */
  all<Row extends readonly unknown[] = readonly unknown[]>(
    sql: string,
    parameters?: Readonly<Record<string, string | number | SqlParameter>>,
  ): Promise<readonly Row[]>;
}

type FoundColumns = readonly [id: string, body: string, kind: number, number: number, text: string];

interface PlaceInPage {
  readonly sort: SortValue;
  readonly id: string;
}

/** One tenant's documents in one copy, as query handlers see them. */
export class SqlReadModel<Document> implements ReadModel<Document> {
  readonly #options: SqlReadModelOptions;

  constructor(options: SqlReadModelOptions) {
    this.#options = options;
  }

  async get(id: string): Promise<Document | undefined> {
    return (await this.getMany([id]))[0];
  }

  async getMany(ids: readonly string[]): Promise<readonly (Document | undefined)[]> {
    const { tables, tenant } = this.#options;
    const keys = ids.map((name) => documentKey({ tenant, name }).toString('hex'));
    const rows = await this.#rows<[Buffer, string]>(
      `SELECT d.document, d.body FROM OPENJSON(@keys) AS k JOIN ${tables.documents} AS d
       ON d.copy = @diptych_copy AND d.document = CONVERT(binary(32), k.value, 2) WHERE d.body IS NOT NULL`,
      { keys: text(JSON.stringify([...new Set(keys)])) },
    );
    const bodies = new Map(rows.map(([document, body]) => [document.toString('hex'), body]));
    return keys.map((key) => {
      const body = bodies.get(key);
      return body === undefined ? undefined : (JSON.parse(body) as Document);
    });
  }

  find(name: string, values: FieldValues, options: FindOptions = {}): Promise<FoundPage<Document>> {
    return this.#page(options, (page, limit, held) => {
      const { definition, tables, tenant } = this.#options;
      const index = requireIndex(definition, name, values);
      assertKept(this.#options, held, name);
      const entry = Buffer.from(entryKey(tenant, name, indexKeyOf(index, values)), 'hex');
      const sql = `
        SELECT TOP (@limit) i.id, d.body, i.sort_kind, i.sort_number, i.sort_text FROM ${tables.document_index} AS i
        JOIN ${tables.documents} AS d ON d.copy = i.copy AND d.document = i.document
        WHERE i.copy = @diptych_copy AND i.entry = @entry AND d.body IS NOT NULL ${page.after(['i.sort_kind', 'i.sort_number', 'i.sort_text', 'i.id'])}
        ORDER BY ${page.order(['i.sort_kind', 'i.sort_number', 'i.sort_text', 'i.id'])}`;
      return this.#rows<FoundColumns>(sql, { entry: bytes32(entry), limit, ...page.parameters });
    });
  }

  all(options: FindOptions = {}): Promise<FoundPage<Document>> {
    return this.#page(options, (page, limit) => {
      const { tables, tenant } = this.#options;
      const sql = `
        SELECT TOP (@limit) d.id, d.body, 0, 0, '' FROM ${tables.documents} AS d
        WHERE d.copy = @diptych_copy AND d.tenant = @diptych_tenant AND d.body IS NOT NULL ${page.after(['d.id'])}
        ORDER BY ${page.order(['d.id'])}`;
      return this.#rows<FoundColumns>(sql, {
        diptych_tenant: indexedName(tenant),
        limit,
        ...page.parameters,
      });
    });
  }

  native(): SqlReadModelHandle {
    const { copy, tenant, tables } = this.#options;
    return {
      copy,
      tenant,
      all: <Row extends readonly unknown[]>(
        sql: string,
        parameters: Readonly<Record<string, string | number | SqlParameter>> = {},
      ) =>
        this.#rows<Row>(
          `WITH documents AS (SELECT id, body FROM ${tables.documents}
             WHERE copy = @diptych_copy AND tenant = @diptych_tenant AND body IS NOT NULL) ${sql}`,
          { ...boundTo(parameters), diptych_tenant: indexedName(tenant) },
        ),
    };
  }

  async #page(
    options: FindOptions,
    rowsOf: (page: PageQuery, limit: SqlParameter, held: HeldCopy) => Promise<readonly FoundColumns[]>,
  ): Promise<FoundPage<Document>> {
    const limit = pageSizeOf(options);
    const page = new PageQuery(options);
    const held = await this.#held();
    // One more than asked tells whether there is another page.
    const rows = await rowsOf(page, int(limit + 1), held);
    const shown = rows.slice(0, limit);
    return {
      documents: shown.map(([, body]) => JSON.parse(body) as Document),
      next: rows.length > limit ? textOf(shown.at(-1)!) : undefined,
    };
  }

  #held(): Promise<HeldCopy> {
    return this.#options.copies.require(this.#options.copy);
  }

  async #rows<Row extends readonly unknown[]>(
    sql: string,
    parameters: SqlParameters,
  ): Promise<readonly Row[]> {
    const { replica, atLeast, copies, copy } = this.#options;
    const bound = { ...parameters, diptych_copy: int((await this.#held()).copy) };
    const found =
      (await replica?.rows<Row>(sql, bound, atLeast)) ?? (await this.#rowsOfPrimary<Row>(sql, bound));
    if (found !== undefined) return found;
    // What was known as this copy is gone; another one may have been made in its place.
    copies.forget(copy);
    const renewed = { ...parameters, diptych_copy: int((await this.#held()).copy) };
    const rows = await this.#rowsOfPrimary<Row>(sql, renewed);
    if (rows === undefined) throw copyUnknown(copy);
    return rows;
  }

  /** `undefined` where the copy is not there: then its documents are not, and that says nothing. */
  async #rowsOfPrimary<Row extends readonly unknown[]>(
    sql: string,
    parameters: SqlParameters,
  ): Promise<readonly Row[] | undefined> {
    const { client, tables } = this.#options;
    const sets = await client.run(
      `SELECT COUNT(*) FROM ${tables.copies} WHERE copy = @diptych_copy; ${sql}`,
      parameters,
    );
    return sets[0]![0]![0] === 0 ? undefined : ((sets[1] ?? []) as unknown as readonly Row[]);
  }
}

/** The part of a query that makes it one page of many. */
class PageQuery {
  readonly parameters: SqlParameters;
  readonly #direction: 'ASC' | 'DESC';

  constructor({ after, descending = false }: FindOptions) {
    this.#direction = descending ? 'DESC' : 'ASC';
    this.parameters = after === undefined ? {} : parametersOf(placeOf(after));
  }

  order(columns: readonly string[]): string {
    return columns.map((column) => `${column} ${this.#direction}`).join(', ');
  }

  /** The condition for what comes behind the page before: by the first column that differs. */
  after(columns: readonly string[]): string {
    if (Object.keys(this.parameters).length === 0) return '';
    const sign = this.#direction === 'ASC' ? '>' : '<';
    const places = columns.map((column) => ({ column, value: `@after_${column.slice(2)}` }));
    const alternatives = places.map(({ column, value }, at) => {
      const same = places.slice(0, at).map((before) => `${before.column} = ${before.value}`);
      return `(${[...same, `${column} ${sign} ${value}`].join(' AND ')})`;
    });
    return `AND (${alternatives.join(' OR ')})`;
  }
}

function parametersOf({ sort, id }: PlaceInPage): SqlParameters {
  const { kind, number, text: sortText } = sortColumns(sort);
  return {
    after_sort_kind: int(kind),
    after_sort_number: float(number),
    after_sort_text: longIndexedName(restored(sortText), 500),
    after_id: longIndexedName(id, 500),
  };
}

function boundTo(parameters: Readonly<Record<string, string | number | SqlParameter>>): SqlParameters {
  const taken = Object.keys(parameters).find((name) => /^@?diptych_/i.test(name));
  if (taken !== undefined) {
    throw new ProgrammingError(
      'parameter-reserved',
      `Parameter '${taken}' has a name that begins as ours: call it otherwise.`,
      { parameter: taken },
    );
  }
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (typeof value === 'string') return [name, text(value)];
      return [name, typeof value === 'number' ? float(value) : value];
    }),
  );
}

/** A copy is kept by the indexes that it was made with: another one would find nothing, and say nothing. */
function assertKept({ definition, copy }: SqlReadModelOptions, { indexes }: HeldCopy, name: string): void {
  if (JSON.stringify(indexes[name]) === JSON.stringify(definition.indexes[name])) return;
  throw new ProgrammingError(
    'index-not-built',
    `Index '${name}' of read model '${copy.model}' was declared otherwise when this copy was made. Raise the version, or rebuild.`,
    { ...copy, index: name },
  );
}

function textOf([id, , kind, number, sortText]: FoundColumns): string {
  const sort = kind === 0 ? null : kind === 1 ? number : restored(sortText);
  return encodeURIComponent(JSON.stringify([sort, restored(id)]));
}

function placeOf(after: string): PlaceInPage {
  try {
    const [sort, id] = JSON.parse(decodeURIComponent(after)) as [unknown, unknown];
    if (typeof id === 'string' && isSortValue(sort)) return { sort, id };
  } catch {
    // Said below, as for a text of another shape.
  }
  // Callers hand it back to the program, so it is they who have it wrong.
  throw new DiptychError({ code: 'page-after', message: 'This is not the `next` of an earlier page.' });
}

function isSortValue(value: unknown): value is SortValue {
  return value === null || typeof value === 'string' || typeof value === 'number';
}
