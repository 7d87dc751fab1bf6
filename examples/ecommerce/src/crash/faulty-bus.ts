import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunningEmulator, startEmulator } from '../brokers/emulators.js';

// Seldom enough that most of what is sent arrives, and often enough that each happens many times in a run.
const rules = [
  { on: 'send', fault: 'cut-connection', chance: 0.004, afterEffect: true },
  { on: 'settle', fault: 'cut-connection', chance: 0.001 },
  { on: 'send', fault: 'duplicate', chance: 0.02 },
  { on: 'deliver', fault: 'duplicate', chance: 0.01 },
  { on: 'deliver', fault: 'lose-lock', chance: 0.002 },
];

/** A Service Bus in a process of its own, in which things go wrong by that seed. */
export async function startFaultyBus(folder: string, seed: number): Promise<RunningEmulator> {
  const file = join(folder, 'bus-faults.json');
  await writeFile(file, JSON.stringify({ seed, rules }));
  return startEmulator('service-bus', file);
}
