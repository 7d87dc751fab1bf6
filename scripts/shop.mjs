// npm run shop -- <arguments>: the reference shop, from a fresh clone.
import { pathToFileURL } from 'node:url';
import { build, install } from './ready.mjs';
import { root } from './workspace.mjs';

await install();
await build();

// The shop becomes this very process, so that signals, exit code and stdio need no passing on.
process.setSourceMapsEnabled(true);
process.argv[1] = `${root}examples/ecommerce/dist/main.js`;
await import(pathToFileURL(process.argv[1]).href);
