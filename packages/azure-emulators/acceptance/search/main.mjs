// node acceptance/search/main.mjs <endpoint> <key>: checks an AI Search service with the SDK alone, in real time. It makes
// indexes of its own and deletes them.
import { setTimeout as wait } from 'node:timers/promises';
import { runCheck, sections } from './checks.mjs';

const [endpoint, key] = process.argv.slice(2);
if (endpoint === undefined || key === undefined) {
  console.error('node acceptance/search/main.mjs <endpoint> <key>');
  process.exit(2);
}
const target = { endpoint, key, shown: () => wait(3_000) };
for (const [section, checks] of sections) {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await runCheck(check, target);
      console.log(`ok      ${section}: ${name}`);
    } catch (error) {
      process.exitCode = 1;
      console.log(`FAILED  ${section}: ${name}\n${error.stack}`);
    }
  }
}
