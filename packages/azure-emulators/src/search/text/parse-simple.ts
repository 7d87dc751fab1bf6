import { refusingDepth } from '../search-error.js';
import type { TextQuery } from './text-query.js';

/** What joins words between which nothing is said. */
export type Joint = 'and' | 'or';

const token = /\s+|[()+|]|-(?=\S)|"(?<phrase>(?:\\.|[^"\\])*)"|(?<word>(?:\\.|[^\s+|()"\\])+)|./suy;

/**
 * Reads the simple syntax: `+`, `|`, `-`, `"phrases"`, `prefixes*`, parentheses, and `\` before what is meant as it is. It
 * takes whatever is written, as the service does: what makes no sense is passed over.
 */
export function parseSimple(text: string, joint: Joint): TextQuery {
  const tokens = [...text.matchAll(new RegExp(token, 'suyg'))];
  const reader = new SimpleReader(tokens, joint);
  return (
    refusingDepth('The search text', () => reader.read()) ?? {
      kind: 'clauses',
      must: [],
      mustNot: [],
      may: [],
    }
  );
}

class SimpleReader {
  private at = 0;

  constructor(
    private readonly tokens: readonly RegExpMatchArray[],
    private readonly joint: Joint,
  ) {}

  /** Up to the parenthesis that closes, or the end; from left to right, since no operator comes before another. */
  read(): TextQuery | undefined {
    let left: TextQuery | undefined;
    let joint: Joint = this.joint;
    while (this.at < this.tokens.length) {
      const [symbol] = this.tokens[this.at]!;
      if (symbol === ')') break;
      if (symbol === '+' || symbol === '|') {
        joint = symbol === '+' ? 'and' : 'or';
        this.at++;
        continue;
      }
      const right = this.readOne();
      if (right === undefined) continue;
      left = left === undefined ? right : joined(joint, left, right);
      joint = this.joint;
    }
    return left;
  }

  private readOne(): TextQuery | undefined {
    const { 0: symbol, groups } = this.tokens[this.at++]!;
    if (symbol === '(') {
      const inner = this.read();
      this.at++;
      return inner;
    }
    if (symbol === '-') {
      const part = this.at < this.tokens.length ? this.readOne() : undefined;
      return part && { kind: 'not', part };
    }
    const { phrase, word } = groups ?? {};
    if (phrase !== undefined) return { kind: 'phrase', text: unescaped(phrase) };
    return word === undefined ? undefined : wordQuery(word);
  }
}

function joined(joint: Joint, left: TextQuery, right: TextQuery): TextQuery {
  const parts = left.kind === joint ? left.parts : [left];
  return { kind: joint, parts: [...parts, right] };
}

function wordQuery(word: string): TextQuery {
  if (word === '*') return { kind: 'everything' };
  const isPrefix = /(^|[^\\])(\\\\)*\*$/.test(word);
  return { kind: 'term', text: unescaped(isPrefix ? word.slice(0, -1) : word), isPrefix };
}

const unescaped = (text: string) => text.replace(/\\(.)/gsu, '$1');
