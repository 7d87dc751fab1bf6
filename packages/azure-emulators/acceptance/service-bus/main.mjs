// node main.mjs '<connection string>' [part of a name]: checks a Service Bus, one line each; ends with 1 when one failed.
import { runCheck, sections } from './checks.mjs';

const [connectionString, part = ''] = process.argv.slice(2);
if (connectionString === undefined) {
  console.error("node main.mjs '<connection string>' [part of a name]");
  process.exit(2);
}

const target = {
  connectionString,
  now: () => Date.now(),
  pass: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
let failed = 0;
let passed = 0;
for (const [section, checks] of sections) {
  for (const [name, check] of Object.entries(checks)) {
    const title = `${section}: ${name}`;
    if (!title.includes(part)) continue;
    const failure = await runCheck(check, target).then(
      () => undefined,
      (error) => error,
    );
    console.log(`${failure === undefined ? 'ok    ' : 'FAILED'} ${title}`);
    if (failure === undefined) passed++;
    else {
      failed++;
      console.log(`       ${failure.stack}`);
    }
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
