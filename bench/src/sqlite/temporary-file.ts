import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A path in a folder of its own, which goes with the process. */
export function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'diptych-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'bench.db');
}
