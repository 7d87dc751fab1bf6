import { fork } from 'node:child_process';
import type { LineReport } from '../harness/line.js';
import { loadLine } from '../registry.js';
import type { LineOutcome } from '../report/run.js';

type Answer = { readonly title: string } & ({ readonly report: LineReport } | { readonly failure: string });

/** Measures one line in a new process, so that no line runs code that another has shaped the compiler's mind about. */
export function runLine(id: string): Promise<LineOutcome> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    let answer: Answer = { title: id, failure: 'its process ended without an answer' };
    const child = fork(process.argv[1]!, ['--child', id], { execArgv: ['--max-old-space-size=4096'] });
    child.on('message', (message) => {
      answer = message as Answer;
    });
    child.on('error', reject);
    child.on('exit', () => resolve({ id, ...answer, seconds: (performance.now() - start) / 1000 }));
  });
}

/** The other side: measures and answers the parent. */
export async function answerAsChild(id: string): Promise<void> {
  let title = id;
  try {
    const line = await loadLine(id);
    title = line.title;
    await send({ title, report: await line.run() });
  } catch (error) {
    await send({ title, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
  process.exit(); // handlers and stores may hold timers
}

function send(answer: Answer): Promise<void> {
  return new Promise((resolve) => process.send!(answer, () => resolve()));
}
