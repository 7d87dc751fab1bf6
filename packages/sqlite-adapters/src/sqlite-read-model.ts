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
  requireIndex,
  restored,
  type SortValue,
  stored,
} from '@diptych/core';
import type { SqliteConnection } from './sqlite-client.js';
import { type HeldCopy, requireCopy } from './sqlite-copies.js';
import { parsedIndexes, sortColumn, sortValue } from './sqlite-document-index.js';
import type { SqliteValue } from './sqlite-driver.js';
import type { SqliteReading } from './sqlite-reading.js';

export interface SqliteReadModelOptions {
  readonly definition: ReadModelDefinition;
  readonly copy: Copy;
  readonly tenant: string;
  readonly reading: SqliteReading;
}

/** What `native()` gives: SQL over this copy's documents of this tenant. */
export interface SqliteReadModelHandle {
  readonly copy: Copy;
  readonly tenant: string;
  /**
   * The rows of a query that reads from `documents`, which has the columns `id` and `body` (JSON text):
   * `SELECT body ->> 'status' AS status, count(*) AS orders FROM documents GROUP BY 1`. Values are bound to `?`.
   */
  all<Row = Record<string, SqliteValue>>(sql: string, ...values: readonly SqliteValue[]): Promise<Row[]>;
}

interface FoundRow {
  readonly id: string;
  readonly sort: string | number;
  readonly body: string;
}

interface PlaceInPage {
  readonly sort: SortValue;
  readonly id: string;
}

const selectBody = `
  SELECT body FROM diptych_documents WHERE copy = ? AND tenant = ? AND id = ? AND body IS NOT NULL`;

/** One tenant's documents in one copy, as query handlers see them. */
export class SqliteReadModel<Document> implements ReadModel<Document> {
  readonly #options: SqliteReadModelOptions;

  constructor(options: SqliteReadModelOptions) {
    this.#options = options;
  }

  async get(id: string): Promise<Document | undefined> {
    return (await this.getMany([id]))[0];
  }

  getMany(ids: readonly string[]): Promise<readonly (Document | undefined)[]> {
    const tenant = stored(this.#options.tenant);
    return this.#read((connection, { copy }) =>
      ids.map((id) => {
        const row = connection.get<{ body: string }>(selectBody, copy, tenant, stored(id));
        return row && (JSON.parse(row.body) as Document);
      }),
    );
  }

  async find(name: string, values: FieldValues, options: FindOptions = {}): Promise<FoundPage<Document>> {
    const index = requireIndex(this.#options.definition, name, values);
    const condition = 'i.copy = ? AND i.tenant = ? AND i.name = ? AND i.key = ?';
    return this.#page(options, (connection, held, page) => {
      assertKept(this.#options, held, name);
      return connection.all<FoundRow>(
        `SELECT i.id, i.sort, d.body FROM diptych_document_index AS i JOIN diptych_documents AS d USING (document)
         WHERE ${condition} ${page.after('i.sort', 'i.id')}
         ORDER BY i.sort ${page.direction}, i.id ${page.direction} LIMIT ?`,
        held.copy,
        stored(this.#options.tenant),
        stored(name),
        indexKeyOf(index, values),
        ...page.values,
      );
    });
  }

  async all(options: FindOptions = {}): Promise<FoundPage<Document>> {
    return this.#page(options, (connection, { copy }, page) =>
      connection.all<FoundRow>(
        `SELECT id, ${noSort} AS sort, body FROM diptych_documents
         WHERE copy = ? AND tenant = ? AND body IS NOT NULL ${page.after(noSort, 'id')}
         ORDER BY id ${page.direction} LIMIT ?`,
        copy,
        stored(this.#options.tenant),
        ...page.values,
      ),
    );
  }

  native(): SqliteReadModelHandle {
    const { copy, tenant } = this.#options;
    return {
      copy,
      tenant,
      all: <Row>(sql: string, ...values: readonly SqliteValue[]) =>
        this.#read((connection, held) =>
          connection.all<Row>(`${documentsOf(held)} ${sql}`, stored(tenant), ...values),
        ),
    };
  }

  async #page(
    options: FindOptions,
    rowsOf: (connection: SqliteConnection, held: HeldCopy, page: PageQuery) => readonly FoundRow[],
  ): Promise<FoundPage<Document>> {
    const limit = pageSizeOf(options);
    const page = new PageQuery(options, limit);
    const rows = await this.#read((connection, held) => rowsOf(connection, held, page));
    const shown = rows.slice(0, limit);
    return {
      documents: shown.map(({ body }) => JSON.parse(body) as Document),
      next: rows.length > limit ? textOf(shown.at(-1)!) : undefined,
    };
  }

  #read<T>(work: (connection: SqliteConnection, held: HeldCopy) => T): Promise<T> {
    const { reading, copy } = this.#options;
    return reading.readTogether((connection) => work(connection, requireCopy(connection, copy)));
  }
}

const noSort = '-9e999';

/** The part of a query that makes it one page of many. */
class PageQuery {
  readonly direction: 'ASC' | 'DESC';
  readonly #limit: number;
  readonly #after: PlaceInPage | undefined;

  constructor({ after, descending = false }: FindOptions, limit: number) {
    this.direction = descending ? 'DESC' : 'ASC';
    this.#limit = limit;
    this.#after = after === undefined ? undefined : placeOf(after);
  }

  /** The condition for what comes behind the page before. */
  after(sort: string, id: string): string {
    if (this.#after === undefined) return '';
    return `AND (${sort}, ${id}) ${this.direction === 'ASC' ? '>' : '<'} (?, ?)`;
  }

  /** What its parameters are bound to. One more than asked tells whether there is another page. */
  get values(): readonly SqliteValue[] {
    const after = this.#after;
    return [...(after === undefined ? [] : [sortColumn(after.sort), stored(after.id)]), this.#limit + 1];
  }
}

function documentsOf({ copy }: HeldCopy): string {
  return `WITH documents (id, body) AS NOT MATERIALIZED (
    SELECT id, body FROM diptych_documents WHERE copy = ${copy} AND tenant = ? AND body IS NOT NULL)`;
}

/** A copy is kept by the indexes that it was made with: another one would find nothing, and say nothing. */
function assertKept({ definition, copy }: SqliteReadModelOptions, held: HeldCopy, name: string): void {
  const kept = parsedIndexes(held.indexes)?.[name];
  if (JSON.stringify(kept) === JSON.stringify(definition.indexes[name])) return;
  throw new ProgrammingError(
    'index-not-built',
    `Index '${name}' of read model '${copy.model}' was declared otherwise when this copy was made. Raise the version, or rebuild.`,
    { ...copy, index: name },
  );
}

function textOf({ sort, id }: FoundRow): string {
  return encodeURIComponent(JSON.stringify([sortValue(sort), restored(id)]));
}

function placeOf(text: string): PlaceInPage {
  try {
    const [sort, id] = JSON.parse(decodeURIComponent(text)) as [unknown, unknown];
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
