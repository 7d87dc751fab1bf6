// npm run test:crash -- <arguments>: shops that are killed again and again, and what becomes of their data.
import { pathToFileURL } from 'node:url';
import { build, install } from './ready.mjs';
import { root } from './workspace.mjs';

await install();
await build();

process.argv[1] = `${root}examples/ecommerce/dist/crash/main.js`;
await import(pathToFileURL(process.argv[1]).href);
