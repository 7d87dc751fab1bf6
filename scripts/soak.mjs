// npm run test:soak -- <arguments>: a shop with a Service Bus beside it for minutes or hours, and what it leaves behind.
import { pathToFileURL } from 'node:url';
import { build, install } from './ready.mjs';
import { root } from './workspace.mjs';

await install();
await build();

process.argv[1] = `${root}examples/ecommerce/dist/soak/main.js`;
await import(pathToFileURL(process.argv[1]).href);
