import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Emulator {
  readonly connectionString: string;
  /** The memory that the emulator keeps now, in megabytes. */
  keptMegabytes(): Promise<number>;
  stop(): Promise<void>;
}

/** An emulator in a process of its own, so that its work is not counted with the client's. */
export async function emulator(service: 'service-bus' | 'cosmos'): Promise<Emulator> {
  const { resolve } = createRequire(import.meta.url);
  const program = join(dirname(resolve('@diptych/azure-emulators/package.json')), 'dist/cli/main.js');
  const keptMemory = new URL('./kept-memory.js', import.meta.url).href;
  const child = spawn(
    process.execPath,
    ['--expose-gc', '--import', keptMemory, program, service, '--until-input-ends'],
    { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] },
  );
  const [line] = await once(createInterface(child.stdout!), 'line');
  return {
    connectionString: String(line),
    async keptMegabytes() {
      const answer = once(child, 'message');
      child.send('kept');
      const [megabytes] = await answer;
      return megabytes as number;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
