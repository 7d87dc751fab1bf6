import { describe, expect, test } from 'vitest';
import { systemClock } from '../clock/system-clock.js';
import { ProgrammingError } from '../errors/programming-errors.js';
import { type LogLevel, lineLogger } from './line-logger.js';
import type { LogFields } from './logger.js';

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

function linesOf(level: LogLevel | undefined, fields: LogFields = {}): readonly string[] {
  const lines: string[] = [];
  const logger = lineLogger({
    write: (line) => lines.push(line),
    level,
    clock: { ...systemClock, now: () => 0 },
  });
  for (const own of levels) logger[own](`it is ${own}`, fields);
  return lines;
}

describe('a line logger', () => {
  test('writes what somebody should look at: warnings and errors', () => {
    expect(linesOf(undefined)).toEqual([
      '1970-01-01T00:00:00.000Z warn  it is warn {}',
      '1970-01-01T00:00:00.000Z error it is error {}',
    ]);
  });

  test.each(levels.map((level, index) => [level, levels.length - index] as const))(
    'from %s on it writes %i of four levels',
    (level, count) => expect(linesOf(level)).toHaveLength(count),
  );

  test('each message is one line, whatever its fields hold', () => {
    const [line] = linesOf('error', { text: 'two\nlines', absent: undefined });
    expect(line).toMatch(/\{"text":"two\\nlines"\}$/);
    expect(line).not.toContain('\n');
  });

  test('an error is told with its code, its message and what caused it', () => {
    const error = Object.assign(new ProgrammingError('no-idea', 'It went wrong.'), {
      cause: new Error('deep'),
    });
    const [line] = linesOf('error', { failure: { error } });
    const { failure } = JSON.parse(line!.slice(line!.indexOf('{'))) as {
      failure: { error: Record<string, unknown> };
    };
    expect(failure.error).toMatchObject({
      code: 'no-idea',
      message: 'It went wrong.',
      cause: { message: 'deep' },
    });
    expect(failure.error.stack).toContain('line-logger.spec');
  });

  test('a field that JSON cannot hold harms no other', () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const [line] = linesOf('error', { circular, big: 1n, fine: 1 });
    expect(line).toContain('"fine":1');
    expect(line).toContain('"big":"1"');
  });
});
