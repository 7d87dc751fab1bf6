// npm run bench -- <arguments>: the benchmarks, compiled and then run without this script in between.
import { pathToFileURL } from 'node:url';
import { build, install } from './ready.mjs';
import { root } from './workspace.mjs';

await install();
await build('bench/tsconfig.build.json');

process.argv[1] = `${root}bench/dist/main.js`;
await import(pathToFileURL(process.argv[1]).href);
