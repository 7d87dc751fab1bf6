import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A program of the shop, as it was compiled: for specs that run processes. `npm test` compiles before it runs. */
export function built(path: string): string {
  const program = fileURLToPath(new URL(`../../dist/${path}`, import.meta.url));
  if (!existsSync(program)) throw new Error(`There is no ${program}. Run npm run build first.`);
  return program;
}
