/** Facts beside a log line: JSON values, never secrets. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where the framework's log lines go. A console, pino and most others fit with a line or two. */
export interface Logger {
  debug(message: string, fields: LogFields): void;
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
}

/** Says nothing. The pipeline recognises it and leaves logging out altogether. */
export const silentLogger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** The same logger, but for what it throws: a log that fails must not fail what is logged. */
export function undisturbedBy(logger: Logger): Logger {
  if (logger === silentLogger) return logger;
  const line = (level: keyof Logger) => (message: string, fields: LogFields) => {
    try {
      logger[level](message, fields);
    } catch {
      // There is nowhere left to say so.
    }
  };
  return { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
}
