// npm run build: compiles every package and the examples.
import { install, typescriptBuild } from './ready.mjs';

await install();
process.exitCode = await typescriptBuild('tsconfig.build.json');
