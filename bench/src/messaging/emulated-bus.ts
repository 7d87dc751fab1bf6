import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface EmulatedBus {
  readonly connectionString: string;
  /** The memory that the emulator's process holds now, in megabytes; `undefined` where the system does not say. */
  residentMegabytes(): number | undefined;
  stop(): Promise<void>;
}

/** A Service Bus emulator in a process of its own, so that its work is not counted with the client's. */
export async function emulatedBus(): Promise<EmulatedBus> {
  const { resolve } = createRequire(import.meta.url);
  const program = join(dirname(resolve('@diptych/azure-emulators/package.json')), 'dist/cli/main.js');
  const child = spawn(process.execPath, [program, 'service-bus', '--until-input-ends'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return {
    connectionString: String(line),
    residentMegabytes: () => residentMegabytesOf(child.pid!),
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function residentMegabytesOf(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
  } catch {
    return undefined;
  }
}
