import { reserved } from './asked-sql.js';
import { queryError } from './query-errors.js';
import type { Standing } from './query-outline.js';

/** What a word of a query is, if not a name of ours to look at: one of the language, a property, a function. */
export type Role = 'other' | 'declared' | 'output' | 'name';

const keywords = new Set(
  [
    'SELECT DISTINCT TOP VALUE FROM AS JOIN IN WHERE GROUP BY ORDER ASC DESC AND OR NOT BETWEEN LIKE ESCAPE',
    'EXISTS ARRAY NULL TRUE FALSE UNDEFINED UDF OFFSET LIMIT RANK',
  ].flatMap((line) => line.split(' ')),
);
/** Those that are values. */
const values = new Set(['NULL', 'TRUE', 'FALSE', 'UNDEFINED']);

export function isKeyword(token: Standing['before'], ...words: readonly string[]): boolean {
  if (token?.kind !== 'word') return false;
  const word = token.text.toUpperCase();
  return words.length === 0 ? keywords.has(word) : words.includes(word);
}

export function roleOf(standing: Standing): Role {
  const { token, before, after, clause, bracket } = standing;
  if (token.kind !== 'word' || before?.text === '.') return 'other';
  if (bracket === '{' && (before?.text === '{' || before?.text === ',') && after?.text === ':')
    return 'other';
  if (isKeyword(token)) return 'other';
  if (isKeyword(before, 'FROM', 'JOIN') && isKeyword(after, 'IN')) return 'declared';
  if (isKeyword(before, 'AS') || endsOperand(before)) return clause === 'FROM' ? 'declared' : 'output';
  return after?.text === '(' ? 'other' : 'name';
}

/** Whether something is named by what follows. */
function endsOperand(token: Standing['before']): boolean {
  if (token === undefined) return false;
  if (token.kind === 'mark') return token.text === ')' || token.text === ']' || token.text === '}';
  return token.kind !== 'word' || !isKeyword(token) || values.has(token.text.toUpperCase());
}

/**
 * Each name is one of the query's own: of the documents, or declared by JOIN or IN.
 * @throws ProgrammingError `cosmos-query`
 */
export function requireNames(text: string, standings: readonly Standing[], documents: string): void {
  const declared = new Set([documents]);
  const names: Standing[] = [];
  for (const standing of standings) {
    const { token } = standing;
    const role = roleOf(standing);
    if (role === 'other') continue;
    if (token.text.startsWith(reserved)) throw queryError(`no name begins with ${reserved}`, text, token.at);
    if (role === 'name') names.push(standing);
    else if (token.text === documents)
      throw queryError(`'${documents}' is taken by the documents`, text, token.at);
    else if (role === 'declared') declared.add(token.text);
  }
  const unknown = names.find(({ token }) => !declared.has(token.text));
  if (unknown === undefined) return;
  throw queryError(`'${unknown.token.text}' names nothing that the query is about`, text, unknown.token.at);
}
