// node acceptance/cosmos/main.mjs <connection string>: checks a Cosmos DB account with the SDK alone, in real time. It
// makes a database of its own and deletes it.
import { setTimeout as wait } from 'node:timers/promises';
import { runCheck, sections } from './checks.mjs';

const [connectionString] = process.argv.slice(2);
if (connectionString === undefined) {
  console.error('node acceptance/cosmos/main.mjs <connection string>');
  process.exit(2);
}
const target = { connectionString, pass: (milliseconds) => wait(milliseconds) };
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
