import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from './child-process.js';

/**
 * The addresses of all modules that a program has run in a process of its own, of whichever module system: what
 * V8 lists when it is asked for coverage.
 */
export async function modulesLoadedBy(program: string): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-bench-'));
  try {
    await runProgram(program, { NODE_V8_COVERAGE: folder });
    const [file] = await readdir(folder);
    if (file === undefined) throw new Error('The program left no list of its modules.');
    const { result } = JSON.parse(await readFile(join(folder, file), 'utf8')) as {
      result: { url: string }[];
    };
    return result.map(({ url }) => url);
  } finally {
    await rm(folder, { recursive: true });
  }
}
