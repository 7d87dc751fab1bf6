import type { Work } from './work.js';

/** One way of doing something, driven call by call, each awaited before the next. */
export interface Case {
  readonly name: string;
  /** One call, the making of its message included. It must have been handled once when the promise resolves. */
  readonly call: () => Promise<unknown>;
  /** Untimed work before each chunk of calls: fresh streams, say. */
  readonly prepare?: () => void | Promise<void>;
}

export interface Measurement {
  readonly name: string;
  /** Calls per second, one number for each round that counts. */
  readonly rates: readonly number[];
}

export interface RoundOptions {
  /** Rounds that count; one more goes before them to warm up. Default 7. */
  readonly rounds?: number;
  /** How long each case is driven in each round, in milliseconds. Default 200. */
  readonly turnInMs?: number;
  /** Calls between two looks at the clock. Default 100. */
  readonly chunk?: number;
}

/**
 * Drives all cases in turn, round after round, so that a slow minute of the machine meets all of them alike.
 * @throws Error when a case's calls were not handled once each.
 */
export async function measure(
  work: Work,
  cases: readonly Case[],
  { rounds = 7, turnInMs = 200, chunk = 100 }: RoundOptions = {},
): Promise<readonly Measurement[]> {
  const measurements = cases.map(({ name }) => ({ name, rates: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const [index, one] of cases.entries()) {
      const rate = await turn(work, one, turnInMs, chunk);
      if (round > 0) measurements[index]!.rates.push(rate);
    }
  }
  return measurements;
}

async function turn(
  work: Work,
  { name, call, prepare }: Case,
  turnInMs: number,
  chunk: number,
): Promise<number> {
  let calls = 0;
  let handled = 0;
  let elapsedInMs = 0;
  while (elapsedInMs < turnInMs) {
    if (prepare !== undefined) await prepare();
    const before = work.handled;
    const start = performance.now();
    for (let n = 0; n < chunk; n++) await call();
    elapsedInMs += performance.now() - start;
    calls += chunk;
    handled += work.handled - before;
  }
  if (handled !== calls) throw new Error(`'${name}' handled ${handled} of ${calls} calls.`);
  return (calls * 1000) / elapsedInMs;
}
