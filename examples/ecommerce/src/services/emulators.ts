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
  /** Of its process. */
  readonly pid: number;
  /** Resolves with what it said at its end: how often each fault has happened, where there were any to be. */
  stop(): Promise<string>;
}

const { resolve } = createRequire(import.meta.url);

/**
 * Starts an emulator in a process of its own, on a free port of 127.0.0.1.
 * @param faults a file that says what goes wrong. Default: nothing.
 */
export async function startEmulator(
  service: 'service-bus' | 'event-grid' | 'cosmos' | 'search',
  faults?: string,
): Promise<RunningEmulator> {
  const program = join(dirname(resolve('@diptych/azure-emulators/package.json')), 'dist/cli/main.js');
  const args = ['--port', '0', '--until-input-ends', ...(faults === undefined ? [] : ['--faults', faults])];
  const child = spawn(process.execPath, [program, service, ...args], {
    // Whichever way the shop ends, its end of the pipe is gone then.
    stdio: ['pipe', 'pipe', 'inherit'],
    // An interrupt at the terminal is for the shop, which still needs it while it stops.
    detached: true,
  });
  const ended = once(child, 'exit');
  const output = createInterface(child.stdout);
  const lines: string[] = [];
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    return lines.join('\n');
  };
  const [line] = await Promise.race([
    once(output, 'line'),
    ended.then(([code]) => {
      throw new EmulatorError(`The emulator of ${service} ended with ${String(code)} before it listened.`);
    }),
  ]);
  output.on('line', (told) => lines.push(told));
  return { connectionString: String(line), pid: child.pid!, stop };
}
