import { badRequest } from '../errors/service-bus-error.js';
import type { MessageContent } from '../messages/message-content.js';
import { type PropertyReference, systemProperty } from './message-view.js';
import { type Expression, type SqlParameters, sqlSemantics } from './sql-expressions.js';
import { parsed } from './sql-filter.js';
import type { SqlValue } from './sql-values.js';

type Statement = (content: MessageContent, parameters: SqlParameters) => MessageContent;

/** What a rule changes in the copy of a message that it lets through. */
export class SqlAction {
  private readonly statements: readonly Statement[];

  /** Throws `argument-error` for what the grammar does not have. */
  constructor(
    readonly expression: string,
    readonly parameters: SqlParameters = {},
  ) {
    this.statements = parsed(
      expression,
      'Action',
      (match) => sqlSemantics(match).statements() as readonly Statement[],
    );
  }

  apply(content: MessageContent): MessageContent {
    return this.statements.reduce((changed, statement) => statement(changed, this.parameters), content);
  }
}

function change(
  content: MessageContent,
  { scope, name }: PropertyReference,
  value: SqlValue,
): MessageContent {
  if (scope === 'user') return content.withApplicationProperties({ [name]: value });
  const property = systemProperty(name);
  if (property === undefined) throw badRequest(`The system property '${name}' cannot be changed.`);
  return content.withProperty(property, value === undefined ? undefined : String(value));
}

sqlSemantics.addOperation<Statement>('statement()', {
  Statement_set(_set, property, _equals, value) {
    const reference = property.reference() as PropertyReference;
    const expression = value.expression() as Expression;
    return (content, parameters) => change(content, reference, expression(content, parameters));
  },
  Statement_remove(_remove, property) {
    const reference = property.reference() as PropertyReference;
    return (content) => change(content, reference, undefined);
  },
});

sqlSemantics.addOperation<Statement[]>('statements()', {
  Action: (statements, _last, _end) =>
    statements.asIteration().children.map((statement) => statement.statement() as Statement),
});
