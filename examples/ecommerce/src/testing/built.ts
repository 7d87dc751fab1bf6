import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** A program of the shop, as it was compiled: for specs that run processes. `npm test` compiles before it runs. */
export function built(path: string): string {
  const program = fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
  if (!existsSync(program)) throw new Error(`There is no ${program}. Run npm run build first.`);
  return program;
}

/** What a program wrote, and how it ended. */
export interface Ran {
  readonly output: string;
  readonly code: number | null;
}

/** Runs a program of the shop until it ends by itself. */
export async function runBuilt(path: string, ...args: readonly string[]): Promise<Ran> {
  const child = spawn(process.execPath, [built(path), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { output, code: code as number | null };
}
