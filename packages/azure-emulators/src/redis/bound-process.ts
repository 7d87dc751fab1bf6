import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import type { RedisProgram } from './redis-program.js';

export interface BoundCommand {
  readonly command: string;
  readonly words: readonly string[];
  readonly options: SpawnOptions;
}

/**
 * What starts a server so that it ends with whoever started it, and its folder with it. Behind its back a shell reads
 * from them. It comes to the end when they do, also where they were killed, and where an interrupt from the keyboard
 * reaches them alone.
 */
export function boundToUs(
  { path, libraries }: RedisProgram,
  words: readonly string[],
  folder: string,
): BoundCommand {
  const watch = '(cat <&3; kill -9 $$; rm -rf "$0") >/dev/null 2>&1 &';
  const script = `exec 3<&0; ${watch} exec "$@" 3<&-`;
  return {
    command: 'sh',
    words: ['-c', script, folder, path, ...words],
    options: {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      ...(libraries !== undefined && { env: { ...process.env, LD_LIBRARY_PATH: libraries } }),
    },
  };
}

export function runWhileWeLive({ command, words, options }: BoundCommand): ChildProcess {
  const child = spawn(command, words, options);
  // The shell behind it reads from here: it ends as well.
  child.once('exit', () => child.stdin?.destroy());
  child.stdin?.on('error', () => {});
  return child;
}
