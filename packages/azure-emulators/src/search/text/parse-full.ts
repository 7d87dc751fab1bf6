import type { Node } from 'ohm-js';
import type { Field } from '../indexes/field.js';
import { badRequest, refusingDepth } from '../search-error.js';
import { fullGrammar } from './full-grammar.js';
import type { Joint } from './parse-simple.js';
import type { TextQuery } from './text-query.js';

export interface FullQueryOptions {
  readonly joint: Joint;
  /** Throws for a name of which there is no searchable field. */
  readonly fieldNamed: (path: string) => Field;
}

/** Reads what is understood here of Lucene's syntax. Throws for the rest. */
export function parseFull(text: string, { joint, fieldNamed }: FullQueryOptions): TextQuery {
  return refusingDepth('The search text', () => {
    const match = fullGrammar.match(text, 'Whole');
    if (match.failed()) {
      const position = match.getRightmostFailurePosition() ?? 0;
      throw badRequest(
        `Failed to parse query string at position ${position}. Ranges, regular expressions, proximity, and wildcards but for one at the end are not supported here.`,
      );
    }
    return semantics(match).query(joint, undefined, fieldNamed) as TextQuery;
  });
}

const semantics = fullGrammar.createSemantics();

interface Arguments {
  readonly joint: Joint;
  readonly field: Field | undefined;
  readonly fieldNamed: (path: string) => Field;
}

const queryOf = (node: Node, { joint, field, fieldNamed }: Arguments) =>
  node.query(joint, field, fieldNamed) as TextQuery;

function joined(kind: Joint, parts: readonly TextQuery[]): TextQuery {
  return parts.length === 1 ? parts[0]! : { kind, parts };
}

const inField = ({ field }: Arguments) => (field === undefined ? {} : { field });
const unescaped = (text: string) => text.replace(/\\(.)/gsu, '$1');

semantics.addOperation<TextQuery>('query(joint, field, fieldNamed)', {
  Whole(query, _end) {
    return queryOf(query, this.args as Arguments);
  },
  Either(first, _or, rest) {
    return joined(
      'or',
      [first, ...rest.children].map((one) => queryOf(one, this.args as Arguments)),
    );
  },
  Adjacent(parts) {
    return clausesOf(parts.children, this.args as Arguments);
  },
  Both(first, _and, rest) {
    const parts = [first, ...rest.children];
    if (parts.length === 1) return queryOf(first, this.args as Arguments);
    return clausesOf(parts, { ...(this.args as Arguments), joint: 'and' });
  },
  Clause(_sign, query, boost) {
    const part = queryOf(query, this.args as Arguments);
    const [by] = boost.children;
    return by === undefined ? part : { kind: 'boost', part, by: Number(by.sourceString.slice(1)) };
  },
  Fielded_named(path, _colon, query) {
    const { fieldNamed, ...others } = this.args as Arguments;
    return queryOf(query, { ...others, fieldNamed, field: fieldNamed(path.sourceString) });
  },
  Basic_group(_open, query, _close) {
    return queryOf(query, this.args as Arguments);
  },
  phrase(_open, letters, _close) {
    return { kind: 'phrase', text: unescaped(letters.sourceString), ...inField(this.args as Arguments) };
  },
  term_everything: (_star) => ({ kind: 'everything' }),
  term_fuzzy(word, _tilde, distance) {
    const fuzziness = Math.min(2, distance.numChildren === 0 ? 2 : Number(distance.sourceString));
    return {
      kind: 'term',
      text: unescaped(word.sourceString),
      fuzziness,
      ...inField(this.args as Arguments),
    };
  },
  term_prefix(word, _star) {
    return {
      kind: 'term',
      text: unescaped(word.sourceString),
      isPrefix: true,
      ...inField(this.args as Arguments),
    };
  },
  term_plain(word) {
    return { kind: 'term', text: unescaped(word.sourceString), ...inField(this.args as Arguments) };
  },
});

/** The sign of a clause, or of one that stands alone in a group of such. */
semantics.addOperation<string>('sign()', {
  Clause: (sign, _query, _boost) => sign.sourceString,
  Both: (first, _and, rest) => (rest.numChildren === 0 ? (first.sign() as string) : ''),
});

function clausesOf(nodes: readonly Node[], given: Arguments): TextQuery {
  const clauses = nodes.map((node) => ({ sign: node.sign() as string, query: queryOf(node, given) }));
  const mustNot = clauses.filter(({ sign }) => ['-', '!', 'NOT'].includes(sign));
  const others = clauses.filter((clause) => !mustNot.includes(clause));
  const must = others.filter(({ sign }) => sign === '+' || given.joint === 'and');
  const may = others.filter((clause) => !must.includes(clause));
  const queries = (some: typeof clauses) => some.map(({ query }) => query);
  return { kind: 'clauses', must: queries(must), mustNot: queries(mustNot), may: queries(may) };
}
