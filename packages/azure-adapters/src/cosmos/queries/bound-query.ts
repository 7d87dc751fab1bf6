import type { SqlParameter } from '@azure/cosmos';
import { type AskedSql, reserved } from './asked-sql.js';
import { queryError } from './query-errors.js';
import { isKeyword, requireNames, roleOf } from './query-names.js';
import { outline, type Standing } from './query-outline.js';

/** The first two parts of the partition key of a tenant's documents, or all three. */
export type BoundTo = readonly [copy: string, tenant: string, place?: string];

/** A query about items that shows nothing but the documents in one part of the container. */
export interface BoundQuery {
  readonly text: string;
  readonly parameters: SqlParameter[];
  /** Where in the program's own text something stands. */
  positionOf(at: number): number;
}

/** No query can say it. */
const item = `${reserved}item`;
const parts = ['copy', 'tenant', 'place'] as const;

/**
 * Binds a query about documents, `… FROM d …`, to those of one part of the container. An item has its document as `doc`;
 * a tombstone has none. Whoever asks must also ask with that part as the partition key: then not even a fault here
 * could show documents of another tenant.
 * @throws ProgrammingError `cosmos-query`
 */
export function boundQuery(asked: AskedSql, boundTo: BoundTo): BoundQuery {
  const standings = outline(asked);
  const documents = documentsIn(asked, standings);
  requireNames(
    asked.text,
    standings.filter((one) => !documents.source.includes(one)),
    documents.name,
  );
  const query = new Written();
  write(query, asked, standings, documents, boundIn(boundTo));
  return {
    text: query.text,
    parameters: [
      ...[...asked.parameters].map(([name, value]) => ({ name, value }) as SqlParameter),
      ...boundTo.map((value, index) => ({ name: `@${reserved}${parts[index]}`, value: value! })),
    ],
    positionOf: (at) => query.positionOf(at),
  };
}

function boundIn(boundTo: BoundTo): string {
  const conditions = boundTo.map((_, index) => `${item}.${parts[index]} = @${reserved}${parts[index]}`);
  return [...conditions, `IS_DEFINED(${item}.doc)`].join(' AND ');
}

interface Documents {
  readonly name: string;
  /** The words between FROM and what follows: `d`, `documents d`, `documents AS d`. */
  readonly source: readonly Standing[];
}

function documentsIn({ text }: AskedSql, standings: readonly Standing[]): Documents {
  const from = standings.findIndex(({ begins, depth, clause }) => begins && depth === 0 && clause === 'FROM');
  if (from === -1) throw queryError('it has no FROM: write FROM d, and d is a document', text, text.length);
  const end = standings.findIndex(
    ({ begins, depth, token }, index) => index > from && depth === 0 && (begins || isKeyword(token, 'JOIN')),
  );
  const source = standings.slice(from + 1, end === -1 ? undefined : end);
  const [first, second] = source.filter(({ token }) => !isKeyword(token, 'AS'));
  if (first === undefined || !isNamed.has(source.map(kindOf).join(' ')))
    throw queryError(
      'FROM has one name, that of the documents; what is in them comes by JOIN t IN d.tags',
      text,
      (first ?? standings[from])!.token.at,
    );
  const { text: name, at } = (second ?? first).token;
  if (name.startsWith(reserved)) throw queryError(`no name begins with ${reserved}`, text, at);
  return { name, source };
}

const isNamed: ReadonlySet<string> = new Set(['name', 'name name', 'name AS name']);

function kindOf({ token }: Standing): string {
  if (isKeyword(token, 'AS')) return 'AS';
  return token.kind === 'word' && !isKeyword(token) ? 'name' : 'other';
}

/** The text as it is sent, and where each part of it comes from. */
class Written {
  text = '';
  readonly #pieces: { readonly at: number; readonly from: number }[] = [];

  add(text: string, from: number): void {
    this.#pieces.push({ at: this.text.length, from });
    this.text += `${text} `;
  }

  positionOf(at: number): number {
    return this.#pieces.findLast((piece) => piece.at <= at)?.from ?? 0;
  }
}

function write(
  query: Written,
  asked: AskedSql,
  standings: readonly Standing[],
  { name, source }: Documents,
  bound: string,
): void {
  const isJoined = standings.some(({ depth, token }) => depth === 0 && isKeyword(token, 'JOIN'));
  let where: 'to come' | 'open' | 'done' = 'to come';
  const endWhere = (at: number) => {
    if (where !== 'done') query.add(where === 'open' ? ')' : `WHERE ${bound}`, at);
    where = 'done';
  };
  for (const standing of standings) {
    const { token, depth, begins, clause } = standing;
    const { at } = token;
    if (source.includes(standing)) {
      if (standing === source[0]) query.add(item, at);
    } else if (begins && depth === 0 && clause === 'WHERE') {
      query.add(`WHERE ${bound} AND (`, at);
      where = 'open';
    } else {
      if (begins && depth === 0 && ['GROUP', 'ORDER', 'OFFSET'].includes(clause!)) endWhere(at);
      query.add(written(asked, standing, name, isJoined), at);
    }
  }
  endWhere(asked.text.length);
}

function written({ text }: AskedSql, standing: Standing, documents: string, isJoined: boolean): string {
  const { token, depth } = standing;
  if (depth === 0 && token.text === '*' && isSelected(standing)) {
    if (isJoined) throw queryError('of several sources, * is none: name what you want', text, token.at);
    return `VALUE ${item}.doc`;
  }
  if (token.text !== documents || roleOf(standing) !== 'name') return token.text;
  // By itself, what is selected has the name of its last part.
  return isSelected(standing) && !isKeyword(standing.before, 'VALUE')
    ? `${item}.doc AS ${documents}`
    : `${item}.doc`;
}

/** One of those that are selected, and nothing beside it. */
function isSelected({ before, after, clause, begins }: Standing): boolean {
  if (clause !== 'SELECT' || begins) return false;
  const isFirst = isKeyword(before, 'SELECT', 'DISTINCT', 'VALUE', 'TOP');
  const isAlone = after === undefined || after.text === ',' || after.text === ')' || isKeyword(after, 'FROM');
  return (isFirst || before?.text === ',') && isAlone;
}
