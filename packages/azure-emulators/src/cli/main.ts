#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { emulators, readArguments } from './emulator-commands.js';

const usage = `diptych-emulators <service> [--port <n>] [--config <file.json>] [--file <file.json>] [--faults <file.json>]
                   [--until-input-ends]

Starts an emulator on 127.0.0.1 and prints what clients need to connect.

  <service>   ${Object.keys(emulators).join(', ')}
  --port      default 0: any free port
  --config    the entities to begin with, as the official emulator's config file
  --file      where messages are kept, so that they survive a restart; Service Bus alone
  --until-input-ends
              end when standard input does, as it does when the process at its other end dies
  --faults    what goes wrong; how often it did is printed at the end: { "seed": 1, "rules": [{ "on": "send", "fault": "throttle", "chance": 0.1 }] }
`;

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: text,
      config: text,
      faults: text,
      file: text,
      'until-input-ends': { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  const start = emulators[positionals[0] ?? ''];
  if (values.help === true || start === undefined || positionals.length > 1) {
    process.stderr.write(usage);
    process.exitCode = values.help === true ? 0 : 2;
    return;
  }
  const given = await readArguments(values);
  const { lines, stop } = await start(given);
  process.stdout.write(`${lines.join('\n')}\n`);
  const end = async () => {
    // What is still listened to keeps a process from ending.
    process.stdin.destroy();
    await stop();
    if (values.faults !== undefined) process.stdout.write(`faults ${JSON.stringify(given.faults.counts)}\n`);
  };
  if (values['until-input-ends'] === true) process.stdin.once('end', () => void end()).resume();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void end());
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
