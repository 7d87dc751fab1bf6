import { randomUUID } from 'node:crypto';
import type { Node } from 'ohm-js';
import type { MessageContent } from '../messages/message-content.js';
import {
  hasProperty,
  isReadableSystemProperty,
  type PropertyReference,
  readProperty,
} from './message-view.js';
import { sqlGrammar } from './sql-grammar.js';
import * as operators from './sql-operators.js';
import { isEqual, type SqlValue } from './sql-values.js';

/** Works out an expression for a message. Throws where values do not fit their operator. */
export type Expression = (content: MessageContent, parameters: SqlParameters) => SqlValue;

export type SqlParameters = Readonly<Record<string, unknown>>;

/** Meanings of the grammar's rules: `expression()` of what has a value, `reference()` of a property. */
export const sqlSemantics = sqlGrammar.createSemantics();

const binary =
  (operator: (left: SqlValue, right: SqlValue) => SqlValue) =>
  (left: Node, _operator: Node, right: Node): Expression => {
    const [first, second] = [left.expression() as Expression, right.expression() as Expression];
    return (content, parameters) => operator(first(content, parameters), second(content, parameters));
  };

const constant =
  (value: SqlValue): Expression =>
  () =>
    value;

const negatedIf = (isNegated: boolean, value: SqlValue) => (isNegated ? operators.not(value) : value);

const propertyOf = (reference: PropertyReference): Expression => {
  return (content) => readProperty(content, reference);
};

const unquoted = (text: string, quote: string) => text.slice(1, -1).replaceAll(quote + quote, quote);

sqlSemantics.addOperation<PropertyReference>('reference()', {
  Property_scoped(scope, _dot, name) {
    const isSystem = scope.sourceString.toLowerCase() === 'sys';
    const reference = { scope: isSystem ? 'sys' : 'user', name: name.text() as string } as const;
    if (isSystem && !isReadableSystemProperty(reference.name)) {
      throw new Error(`There is no system property '${reference.name}' that a rule can name.`);
    }
    return reference;
  },
  Property_plain: (name) => ({ scope: 'user', name: name.text() as string }),
});

sqlSemantics.addOperation<string>('text()', {
  name_bracketed(_open, _letters, _close) {
    return this.sourceString.slice(1, -1).replaceAll(']]', ']');
  },
  name_quoted(_open, _letters, _close) {
    return unquoted(this.sourceString, '"');
  },
  name_plain(_start, _rest) {
    return this.sourceString;
  },
  string(_open, _letters, _close) {
    return unquoted(this.sourceString, "'");
  },
});

sqlSemantics.addOperation<Expression>('expression()', {
  Condition_or: binary(operators.or),
  Conjunction_and: binary(operators.and),
  Negation_not(_not, condition) {
    const inner = condition.expression() as Expression;
    return (...of) => operators.not(inner(...of));
  },
  Predicate_isNull(value, _is, _null) {
    const inner = value.expression() as Expression;
    return (...of) => inner(...of) === undefined;
  },
  Predicate_isNotNull(value, _is, _not, _null) {
    const inner = value.expression() as Expression;
    return (...of) => inner(...of) !== undefined;
  },
  Predicate_like(value, not, _like, pattern, escaping) {
    const [inner, against] = [value.expression() as Expression, pattern.expression() as Expression];
    const letter = escaping.children[0]?.children[1]?.text() as string | undefined;
    const isNegated = not.numChildren > 0;
    return (...of) => negatedIf(isNegated, operators.like(inner(...of), against(...of), letter));
  },
  Predicate_in(value, not, _in, _open, list, _close) {
    const inner = value.expression() as Expression;
    const items = list.asIteration().children.map((item) => item.expression() as Expression);
    const isNegated = not.numChildren > 0;
    return (...of) => {
      const one = inner(...of);
      const found = items.map((item) => isEqual(one, item(...of))).reduce(operators.or, false);
      return negatedIf(isNegated, found);
    };
  },
  Predicate_exists(_exists, _open, property, _close) {
    const reference = property.reference() as PropertyReference;
    return (content) => hasProperty(content, reference);
  },
  Predicate_compare(left, operator, right) {
    const compare = operators.comparisons[operator.sourceString] as (typeof operators)['plus'];
    return binary(compare)(left, operator, right);
  },
  Sum_plus: binary(operators.plus),
  Sum_minus: binary(operators.minus),
  Product_times: binary(operators.times),
  Product_divide: binary(operators.divide),
  Product_modulo: binary(operators.modulo),
  Sign_minus(_minus, value) {
    const inner = value.expression() as Expression;
    return (...of) => operators.minus(0, inner(...of));
  },
  Sign_plus: (_plus, value) => value.expression() as Expression,
  Primary_group: (_open, condition, _close) => condition.expression() as Expression,
  Call_property: (_property, _open, name, _close) => propertyOf({ scope: 'user', name: name.text() }),
  Call_newId: (_newId, _open, _close) => () => randomUUID(),
  Property_scoped(_scope, _dot, _name) {
    return propertyOf(this.reference() as PropertyReference);
  },
  Property_plain(_name) {
    return propertyOf(this.reference() as PropertyReference);
  },
  parameter(_at, _name) {
    const name = this.sourceString;
    return (_content, parameters) => parameters[name] as SqlValue;
  },
  number(_number) {
    return constant(Number(this.sourceString));
  },
  string(_open, _letters, _close) {
    return constant(this.text() as string);
  },
  true: (_true) => constant(true),
  false: (_false) => constant(false),
  null: (_null) => constant(undefined),
});
