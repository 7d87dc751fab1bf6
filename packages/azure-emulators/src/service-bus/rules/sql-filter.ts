import { badRequest } from '../errors/service-bus-error.js';
import type { MessageContent } from '../messages/message-content.js';
import { type Expression, type SqlParameters, sqlSemantics } from './sql-expressions.js';
import { sqlGrammar } from './sql-grammar.js';

/** The service takes no longer expression. */
const longestExpression = 1024;

/** An expression over a message's properties. Only `true` matches: what is unknown does not. */
export class SqlFilter {
  readonly kind = 'sql';
  private readonly condition: Expression;

  /** Throws `argument-error` for what the grammar does not have. */
  constructor(
    readonly expression: string,
    readonly parameters: SqlParameters = {},
  ) {
    this.condition = parsed(expression, 'Filter', (match) => sqlSemantics(match).condition() as Expression);
  }

  matches(content: MessageContent): boolean {
    return this.condition(content, this.parameters) === true;
  }
}

type Match = ReturnType<typeof sqlGrammar.match>;

/** What is made of an expression, or the service's refusal. */
export function parsed<T>(expression: string, start: 'Filter' | 'Action', make: (match: Match) => T): T {
  if (expression.length > longestExpression) {
    throw badRequest(`The expression has ${expression.length} letters; the limit is ${longestExpression}.`);
  }
  const match = sqlGrammar.match(expression, start);
  if (match.failed()) throw badRequest(`There was an error parsing the expression. ${match.message}`);
  try {
    return make(match);
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}

sqlSemantics.addOperation<Expression>('condition()', {
  Filter: (condition, _end) => condition.expression() as Expression,
});
