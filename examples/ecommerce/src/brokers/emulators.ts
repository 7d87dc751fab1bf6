import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** An emulator could not be started. */
export class EmulatorError extends Error {}

export interface RunningEmulator {
  /** What clients connect with. */
  readonly connectionString: string;
  stop(): Promise<void>;
}

const { resolve } = createRequire(import.meta.url);

/** Starts an emulator in a process of its own, on a free port of 127.0.0.1. */
export async function startEmulator(service: 'service-bus'): Promise<RunningEmulator> {
  const program = join(dirname(resolve('@diptych/azure-emulators/package.json')), 'dist/cli/main.js');
  const child = spawn(process.execPath, [program, service, '--port', '0', '--until-input-ends'], {
    // Whichever way the shop ends, its end of the pipe is gone then.
    stdio: ['pipe', 'pipe', 'inherit'],
    // An interrupt at the terminal is for the shop, which still needs it while it stops.
    detached: true,
  });
  const ended = once(child, 'exit');
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    await ended;
  };
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    ended.then(([code]) => {
      throw new EmulatorError(`The emulator of ${service} ended with ${String(code)} before it listened.`);
    }),
  ]);
  return { connectionString: String(line), stop };
}
