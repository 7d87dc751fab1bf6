import { NotCaughtUpError } from './caught-up.js';
import { UnusableFileError } from './import/replay-file.js';
import { runShop } from './run-shop.js';
import { shopOptions, UsageError, usage } from './shop-options.js';

try {
  const options = shopOptions(process.argv.slice(2), process.env);
  if (options.help) console.log(usage);
  else await runShop(options, { stdout: process.stdout, stderr: process.stderr, ended: endOfProcess() });
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

/** A first signal ends the shop in order, a second one at once. */
function endOfProcess(): AbortSignal {
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort());
  return ended.signal;
}

/** Errors that whoever called the shop can mend need no stack. */
function explain(error: unknown): unknown {
  if (error instanceof UsageError) return `${error.message}\n\n${usage}`;
  if (error instanceof UnusableFileError || error instanceof NotCaughtUpError) return error.message;
  const { code, port } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Set PORT to another one, or to 0 for any that is free.`;
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} may not be used. Set PORT to another one.`;
  return error;
}
