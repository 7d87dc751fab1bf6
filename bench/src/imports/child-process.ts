import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Where children run, so that they find the packages that the benchmark depends on. */
const folder = fileURLToPath(new URL('..', import.meta.url));

/** Runs a module given as text in a new process; gives what it printed. Rejects with its stderr when it fails. */
export function runProgram(program: string, environment: NodeJS.ProcessEnv = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(output) : reject(new Error(errors))));
  });
}
