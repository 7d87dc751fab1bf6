import type { AskedSql } from './asked-sql.js';
import { queryError } from './query-errors.js';
import type { SqlToken } from './sql-tokens.js';

/** The parts of a query, in their order. */
const clauses = ['SELECT', 'FROM', 'WHERE', 'GROUP', 'ORDER', 'OFFSET'] as const;
type Clause = (typeof clauses)[number];

/** Where a word stands. */
export interface Standing {
  readonly token: SqlToken;
  /** After `TOP 3` it is TOP: the number names nothing. */
  readonly before: SqlToken | undefined;
  readonly after: SqlToken | undefined;
  /** The part of the innermost query around it; `undefined` inside other brackets. */
  readonly clause: Clause | undefined;
  /** In how many brackets. */
  readonly depth: number;
  /** The bracket that is open around it. */
  readonly bracket: string;
  /** That it begins that part. */
  readonly begins: boolean;
}

interface Open {
  readonly bracket: string;
  readonly at: number;
  clause: Clause | undefined;
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Goes through a query and says of each word where it stands. @throws ProgrammingError `cosmos-query` */
export function outline({ text, tokens }: AskedSql): readonly Standing[] {
  const open: Open[] = [{ bracket: '', at: 0, clause: undefined }];
  const standings = tokens.map((token, index): Standing => {
    const [before, after] = [tokenBefore(tokens, index), tokens[index + 1]];
    if (isClosing(token)) close(text, open, token);
    const inner = open.at(-1)!;
    const clause = clauseBegun(token, before, after);
    const begins = clause !== undefined && isQuery(inner, clause, before);
    if (begins) enter(text, inner, clause, token);
    const { bracket } = inner;
    if (isOpening(token)) open.push({ bracket: token.text, at: token.at, clause: undefined });
    return { token, before, after, clause: inner.clause, depth: depthOf(open, token), bracket, begins };
  });
  if (open.length > 1) throw queryError('a bracket is not closed', text, open.at(-1)!.at);
  if (open[0]!.clause === undefined) throw queryError('it does not begin with SELECT', text, 0);
  return standings;
}

function tokenBefore(tokens: readonly SqlToken[], index: number): SqlToken | undefined {
  const [before, top] = [tokens[index - 1], tokens[index - 2]];
  const isCount = before?.kind === 'number' || before?.kind === 'parameter';
  const isTop = isCount && top?.kind === 'word' && top.text.toUpperCase() === 'TOP';
  return isTop && tokens[index - 3]?.text !== '.' ? top : before;
}

function clauseBegun(
  token: SqlToken,
  before: SqlToken | undefined,
  after: SqlToken | undefined,
): Clause | undefined {
  if (token.kind !== 'word' || before?.text === '.') return undefined;
  const clause = clauses.find((one) => one === token.text.toUpperCase());
  // Some of them are names elsewhere.
  if (clause === 'OFFSET' && after?.kind !== 'number' && after?.kind !== 'parameter') return undefined;
  return clause;
}

/** A query begins with SELECT, first of all or after a bracket. */
function isQuery({ clause }: Open, begun: Clause, before: SqlToken | undefined): boolean {
  return clause !== undefined || (begun === 'SELECT' && (before === undefined || before.text === '('));
}

function enter(text: string, query: Open, clause: Clause, { at }: SqlToken): void {
  const isInOrder = query.clause === undefined || clauses.indexOf(clause) > clauses.indexOf(query.clause);
  if (!isInOrder) throw queryError(`${clause} stands in the wrong place`, text, at);
  query.clause = clause;
}

function close(text: string, open: Open[], { text: bracket, at }: SqlToken): void {
  const closed = open.pop()!;
  if (closing[closed.bracket] !== bracket) throw queryError('a bracket closes that was not opened', text, at);
}

function isOpening({ kind, text }: SqlToken): boolean {
  return kind === 'mark' && text in closing;
}

function isClosing({ kind, text }: SqlToken): boolean {
  return kind === 'mark' && (text === ')' || text === ']' || text === '}');
}

/** Brackets stand where what is around them does. */
function depthOf(open: readonly Open[], token: SqlToken): number {
  return open.length - 1 - (isOpening(token) ? 1 : 0);
}
