import { explain } from './explain.js';
import { runShop } from './run-shop.js';
import { shopOptions, usage } from './shop-options.js';

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
