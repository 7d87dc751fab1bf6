import type { Clock } from '../clock/clock.js';
import { systemClock } from '../clock/system-clock.js';
import type { LogFields, Logger } from './logger.js';

export type LogLevel = keyof Logger;

export interface LineLoggerOptions {
  /** Where each line goes, without a line end: `console.error`, a stream, a file. */
  readonly write: (line: string) => void;
  /** The least that is written: `debug`, `info`, `warn` or `error`. Default `warn`: what somebody should look at. */
  readonly level?: LogLevel | undefined;
  /** Gives the time in front of each line. Default: the machine's. */
  readonly clock?: Clock | undefined;
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/**
 * A logger that writes a line of text for each message from a level on: time, level, message, fields as JSON.
 * Errors among the fields are written with their code and causes; a field that JSON cannot hold is named, and
 * harms nothing.
 */
export function lineLogger({ write, level = 'warn', clock = systemClock }: LineLoggerOptions): Logger {
  const least = levels.indexOf(level);
  const at = (own: LogLevel) => {
    if (levels.indexOf(own) < least) return () => undefined;
    return (message: string, fields: LogFields) =>
      write(`${new Date(clock.now()).toISOString()} ${own.padEnd(5)} ${message} ${textOf(fields)}`);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

function textOf(fields: LogFields): string {
  const texts = Object.entries(fields).map(([name, value]) => [name, plain(value)] as const);
  return JSON.stringify(Object.fromEntries(texts.filter(([, value]) => value !== undefined)));
}

function plain(value: unknown): unknown {
  try {
    const text = JSON.stringify(value, (_name, inner: unknown) =>
      inner instanceof Error ? errorFacts(inner) : inner,
    ) as string | undefined;
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return String(value);
  }
}

// An error keeps what it says where JSON does not look.
function errorFacts(error: Error): Readonly<Record<string, unknown>> {
  const { code } = error as { readonly code?: unknown };
  return {
    name: error.name,
    ...(typeof code === 'string' && { code }),
    message: error.message,
    stack: error.stack,
    ...(error.cause !== undefined && { cause: error.cause }),
  };
}
