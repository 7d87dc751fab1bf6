// Runs one program to its end and gives its exit code, passing on the signals that would end it.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * `onOutput` receives stdout and stderr as text in the order they came; without it the program shares ours.
 * A terminal sends Ctrl-C to the whole process group, so SIGINT is waited for and not sent a second time.
 */
export function run(command, args, { onOutput, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = onOutput ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(command, args, { stdio, ...options });
    const waitForChild = () => {};
    const passOn = (signal) => child.kill(signal);
    process.on('SIGINT', waitForChild);
    process.on('SIGTERM', passOn);
    process.on('SIGHUP', passOn);
    const release = () => {
      process.off('SIGINT', waitForChild);
      process.off('SIGTERM', passOn);
      process.off('SIGHUP', passOn);
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', onOutput);
    }
    child.on('error', (error) => {
      release();
      reject(error);
    });
    child.on('close', (code, signal) => {
      release();
      resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}
