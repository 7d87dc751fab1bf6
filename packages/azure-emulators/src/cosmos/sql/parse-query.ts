import { badRequest } from '../cosmos-error.js';
import { expressionTrees } from './expression-trees.js';
import { queryTrees } from './query-trees.js';
import { syntaxError } from './sql-error.js';
import { sqlGrammar } from './sql-grammar.js';
import { unquoted } from './string-literal.js';
import type { Query } from './syntax.js';
import { refusingDepth } from './too-deep.js';

const longestQuery = 512 * 1024;

/** Throws for what is no query. */
export const parseQuery = (text: string): Query => parsed(text, 'Statement') as Query;

/** Reads `FROM c WHERE …`, the condition of a patch. */
export const parseCondition = (text: string): Query => parsed(text, 'PatchCondition') as Query;

function parsed(text: string, start: string): unknown {
  if (text.length > longestQuery) throw badRequest(`A query has at most ${longestQuery} letters.`);
  return refusingDepth(() => {
    const match = sqlGrammar.match(text, start);
    if (match.failed()) throw syntaxError(text, match.getRightmostFailurePosition() ?? 0);
    return semantics(match).tree() as unknown;
  });
}

const semantics = sqlGrammar.createSemantics();

semantics.addOperation<string>('text()', {
  name(_ahead, _start, _rest) {
    return this.sourceString;
  },
  property(_ahead, _start, _rest) {
    return this.sourceString;
  },
  parameter(_at, _name) {
    return this.sourceString;
  },
  string(_string) {
    return unquoted(this.sourceString);
  },
});

semantics.addOperation<unknown>('tree()', { ...queryTrees, ...expressionTrees });
