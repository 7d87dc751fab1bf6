// Runs one program to its end and gives its exit code, passing on the signals that would end it.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/**
 * `onOutput` receives stdout and stderr as text in the order they came; without it the program shares ours.
 * A terminal sends Ctrl-C to the whole process group, so SIGINT is waited for and not sent a second time.
 * Once the program has ended, the signal ends us too.
 */
export function run(command, args, { onOutput, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = onOutput ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(command, args, { stdio, ...options });
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);

    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    let received;
    const onSignal = (signal) => {
      received = signal;
      if (signal !== 'SIGINT') child.kill(signal);
    };
    for (const signal of signals) process.on(signal, onSignal);
    const release = () => {
      for (const signal of signals) process.off(signal, onSignal);
    };

    child.on('error', (error) => {
      release();
      reject(error);
    });
    child.on('close', (code, signal) => {
      release();
      if (received) process.kill(process.pid, received);
      else resolve(code ?? 128 + constants.signals[signal]);
    });
  });
}

/** Runs what `start` starts and gives its exit code with all that it printed. */
export async function collect(start) {
  let output = '';
  const code = await start((text) => {
    output += text;
  });
  return { code, output };
}
