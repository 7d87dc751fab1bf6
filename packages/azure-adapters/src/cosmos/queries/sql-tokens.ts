import { queryError } from './query-errors.js';

export interface SqlToken {
  readonly kind: 'word' | 'parameter' | 'string' | 'number' | 'mark';
  readonly text: string;
  /** Where it begins in the query. */
  readonly at: number;
}

/** Each is tried where the one before it ended. */
const patterns: readonly (readonly [SqlToken['kind'] | 'space', RegExp])[] = [
  ['space', /(?:\s|--[^\n]*|\/\*.*?\*\/)+/suy],
  ['word', /[\p{L}_$][\p{L}\p{N}_$]*/uy],
  ['parameter', /@[\p{L}\p{N}_$]+/uy],
  ['string', /'[^'\\]*(?:\\.[^'\\]*)*'|"[^"\\]*(?:\\.[^"\\]*)*"/suy],
  ['number', /0x[\da-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iuy],
  ['mark', />>>|<<|>>|<>|!=|>=|<=|\|\||\?\?|\/(?!\*)|[-+*%=<>&|^~?:.,()[\]{}]/uy],
];

/** The words and signs of a query in Cosmos DB's SQL, without comments. @throws ProgrammingError `cosmos-query` */
export function sqlTokens(text: string): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let at = 0; at < text.length; ) {
    const found = tokenAt(text, at);
    if (found === undefined) throw queryError(whyNot(text, at), text, at);
    if (found.kind !== 'space') tokens.push({ kind: found.kind, text: found.text, at });
    at += found.text.length;
  }
  return tokens;
}

function tokenAt(text: string, at: number) {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    if (found !== undefined) return { kind, text: found };
  }
  return undefined;
}

function whyNot(text: string, at: number): string {
  if (/^['"]/.test(text.slice(at))) return 'a text is not closed';
  if (text.startsWith('/*', at)) return 'a comment is not closed';
  return `it has no place for ${JSON.stringify(String.fromCodePoint(text.codePointAt(at)!))}`;
}
