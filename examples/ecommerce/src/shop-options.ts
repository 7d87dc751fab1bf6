import { parseArgs } from 'node:util';

export interface ShopOptions {
  /** Invoice files to replay, in this order. */
  readonly imports: readonly string[];
  /** End once the files are imported and every read model has caught up. */
  readonly exit: boolean;
  /** Print the summary of the import as JSON, on the last line of stdout. */
  readonly json: boolean;
  readonly help: boolean;
  /** 0 for any that is free. */
  readonly port: number;
}

export const usage = `npm run shop -- [--import <file.csv>]… [--exit] [--json]

  --import <file>  replay an invoice file as commands; may be given more than once
  --exit           with --import: end once every read model has caught up
  --json           with --import: print the summary as JSON, last on stdout

  PORT             where to listen on 127.0.0.1; 0 picks a free port. Default 3000.`;

/** The shop was called in a way that it does not understand. */
export class UsageError extends Error {}

/** @throws UsageError. */
export function shopOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): ShopOptions {
  const { values } = parse(args);
  const imports = values.import ?? [];
  const { exit = false, json = false, help = false } = values;
  if (imports.length === 0 && (exit || json))
    throw new UsageError('--exit and --json need --import <file.csv>.');
  return { imports, exit, json, help, port: portOf(environment.PORT) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        import: { type: 'string', multiple: true },
        exit: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function portOf(text = '3000'): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new UsageError(`PORT '${text}' is no port number.`);
  return Number(text);
}
