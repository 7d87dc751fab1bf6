import { describe, expect, test } from 'vitest';
import { contentOf } from '../../fixtures/message-content.js';
import { ServiceBusError } from '../errors/service-bus-error.js';
import { CorrelationFilter } from './correlation-filter.js';
import { SqlAction } from './sql-action.js';
import { SqlFilter } from './sql-filter.js';

const message = contentOf({
  message_id: 'm-1',
  subject: 'order.placed',
  group_id: 's',
  correlation_id: 'c',
  application_properties: {
    color: 'red',
    count: 5,
    price: 2.5,
    urgent: true,
    'odd name': 'x',
    quote: "it's",
  },
});

describe('a SQL filter', () => {
  test.each([
    ["color = 'red'", true],
    ["color <> 'red'", false],
    ["COLOR = 'red'", false],
    ['count > 4 AND price <= 2.5', true],
    ['count + 1 = 6 and count * 2 - 4 = 6 and 7 % 4 = 3 and 10 / 4 = 2.5', true],
    ["user.color = 'blue' OR urgent", true],
    ['NOT urgent', false],
    ["sys.Label LIKE 'order.%'", true],
    ["sys.Label LIKE '_rder.placed'", true],
    ["sys.Label NOT LIKE 'order.%'", false],
    ["'50%' LIKE '50!%' ESCAPE '!'", true],
    ["'505' LIKE '50!%' ESCAPE '!'", false],
    ["color IN ('blue', 'red')", true],
    ["color NOT IN ('blue', 'red')", false],
    ['missing IS NULL', true],
    ['color IS NOT NULL', true],
    ['missing = 1', false],
    ['NOT (missing = 1)', false],
    ["missing = 1 OR color = 'red'", true],
    ['EXISTS(color) AND NOT EXISTS(missing)', true],
    ["[odd name] = 'x' AND \"odd name\" = 'x' AND property('odd name') = 'x'", true],
    ["quote = 'it''s'", true],
    ['count = 0x5 AND 1.5e1 = 15', true],
    ['-count = -5', true],
    ["sys.MessageId = 'm-1' and sys.CorrelationId = 'c' and sys.SessionId = 's'", true],
    ["count = 'red'", false],
    ['1=1', true],
    ['TRUE', true],
    ['1=0', false],
    ["orders = 1 OR inside = 2 OR color='red'", true],
  ])('%s: %s', (expression, expected) => {
    expect(new SqlFilter(expression).matches(message)).toBe(expected);
  });

  test('takes parameters', () => {
    expect(new SqlFilter('color = @wanted', { '@wanted': 'red' }).matches(message)).toBe(true);
  });

  test.each([
    '',
    'color = ',
    'color == 1',
    "color = 'red",
    'SELECT 1',
    'sys.Nothing = 1',
    'a'.repeat(1025),
    'LOWER(color) = 1',
  ])('refuses %j with the error of the service', (expression) => {
    expect(() => new SqlFilter(expression)).toThrow(ServiceBusError);
  });

  test('throws where values do not fit, so that the subscription can dead-letter', () => {
    expect(() => new SqlFilter('color * 2 = 4').matches(message)).toThrow();
  });
});

describe('a SQL action', () => {
  test('sets and removes properties of a copy', () => {
    const action = new SqlAction(
      "SET color = 'blue'; SET sys.Label = 'new'; SET twice = count * 2; REMOVE urgent;",
    );
    const changed = action.apply(message);
    expect(changed.applicationProperties.get('color')).toBe('blue');
    expect(changed.properties.text('subject')).toBe('new');
    expect(changed.applicationProperties.get('twice')).toBe(10);
    expect(changed.applicationProperties.has('urgent')).toBe(false);
    expect(message.applicationProperties.get('color')).toBe('red');
  });

  test.each(['SET', "SET color 'x'", 'DELETE color', "SET color = 'a' REMOVE color"])(
    'refuses %j',
    (expression) => {
      expect(() => new SqlAction(expression)).toThrow(ServiceBusError);
    },
  );
});

describe('a correlation filter', () => {
  test('matches when all that it names is equal', () => {
    const matches = (properties: object, own: Record<string, unknown> = {}) =>
      new CorrelationFilter(properties, own).matches(message);
    expect(matches({ label: 'order.placed' }, { color: 'red', count: 5 })).toBe(true);
    expect(matches({ label: 'order.placed' }, { color: 'blue' })).toBe(false);
    expect(matches({ label: 'other' })).toBe(false);
    expect(matches({ messageId: 'm-1', sessionId: 's' })).toBe(true);
  });
});
