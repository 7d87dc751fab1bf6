import type { Node } from 'ohm-js';
import { instantOf } from '../documents/field-values.js';
import { badRequest, refusingDepth } from '../search-error.js';
import { filterGrammar } from './filter-grammar.js';
import type { Comparison, Condition, Literal, Path } from './syntax.js';

/** Reads a filter. Throws for what is none. */
export function parseFilter(text: string): Condition {
  return refusingDepth('The filter', () => {
    const match = filterGrammar.match(text, 'Whole');
    if (match.failed()) {
      const position = match.getRightmostFailurePosition() ?? 0;
      throw badRequest(
        `Invalid expression: Syntax error at position ${position} in '${text.slice(0, 200)}'.`,
      );
    }
    return semantics(match).condition() as Condition;
  });
}

const semantics = filterGrammar.createSemantics();
const conditionOf = (node: Node) => node.condition() as Condition;
const literalOf = (node: Node) => node.literal() as Literal;
const pathOf = (node: Node): Path => node.sourceString.split('/');

const joined = (kind: 'and' | 'or', first: Node, rest: Node): Condition =>
  rest.numChildren === 0
    ? conditionOf(first)
    : { kind, parts: [conditionOf(first), ...rest.children.map(conditionOf)] };

const negated = (_not: Node, part: Node): Condition => ({ kind: 'not', part: conditionOf(part) });

const compared = (path: Node, operator: Comparison, literal: Node): Condition => ({
  kind: 'compare',
  path: pathOf(path),
  operator,
  literal: literalOf(literal),
});

/** `5 lt price` is `price gt 5`. */
const turned: Readonly<Record<Comparison, Comparison>> = {
  eq: 'eq',
  ne: 'ne',
  gt: 'lt',
  ge: 'le',
  lt: 'gt',
  le: 'ge',
};

semantics.addOperation<Condition>('condition()', {
  Whole: (condition, _end) => conditionOf(condition),
  Either: (first, _or, rest) => joined('or', first, rest),
  Both: (first, _and, rest) => joined('and', first, rest),
  Part_not: negated,
  Negated_not: negated,
  Negated: (alone) => conditionOf(alone),
  Alone_group: (_open, condition, _close) => conditionOf(condition),
  Alone_lambda(path, _slash, quantifier, _open, each, _close) {
    const [inner] = each.children;
    return {
      kind: 'lambda',
      quantifier: quantifier.sourceString as 'any' | 'all',
      path: pathOf(path),
      each: inner && { variable: inner.child(0).sourceString, part: conditionOf(inner.child(2)) },
    };
  },
  Alone_in(_in, _open, path, _comma, values, _second, delimiters, _close) {
    const text = literalOf(values).value as string;
    const given = delimiters.children[0];
    const apart = given === undefined ? ' ,' : (literalOf(given).value as string);
    return { kind: 'in', path: pathOf(path), values: parted(text, apart) };
  },
  Alone_match(_match, _open, values, _close) {
    const texts = values.asIteration().children.map((one) => literalOf(one).value as string);
    return { kind: 'match', values: texts };
  },
  Alone_constant: (value) => ({ kind: 'constant', value: value.sourceString === 'true' }),
  Alone_path: (path) => ({ kind: 'path', path: pathOf(path) }),
  Comparison_straight: (path, operator, literal) =>
    compared(path, operator.sourceString as Comparison, literal),
  Comparison_reversed: (literal, operator, path) =>
    compared(path, turned[operator.sourceString as Comparison], literal),
});

semantics.addOperation<Literal>('literal()', {
  string(_open, _letters, _close) {
    return { kind: 'string', value: this.sourceString.slice(1, -1).replaceAll("''", "'") };
  },
  number_special(sign, special) {
    const value = special.sourceString === 'NaN' ? Number.NaN : Number.POSITIVE_INFINITY;
    return { kind: 'number', value: sign.sourceString === '-' ? -value : value };
  },
  number_decimal(_sign, _digits, _dot, _fraction, _exponent) {
    return { kind: 'number', value: Number(this.sourceString) };
  },
  boolean(_word) {
    return { kind: 'boolean', value: this.sourceString === 'true' };
  },
  null: (_null) => ({ kind: 'null', value: null }),
  date(_y1, _y2, _y3, _y4, _dash, _m1, _m2, _dash2, _d1, _d2, _t, _time) {
    const value = instantOf(this.sourceString);
    if (Number.isNaN(value)) throw badRequest(`Invalid expression: '${this.sourceString}' is no time.`);
    return { kind: 'date', value };
  },
});

/** The texts between delimiters, of which each letter is one. */
function parted(text: string, delimiters: string): readonly string[] {
  const values = [''];
  for (const letter of text) {
    if (delimiters.includes(letter)) values.push('');
    else values[values.length - 1] += letter;
  }
  return values
    .map((value) => (delimiters.includes(' ') ? value.trim() : value))
    .filter((value) => value !== '');
}
