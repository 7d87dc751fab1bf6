import type { Reading } from './line.js';
import { spreadOf } from './spread.js';

/** One way to move messages, or to project events. */
export interface Way {
  readonly name: string;
  /** Goes on by so many, or a few more, and resolves when the last one is done with. */
  move(messages: number): Promise<void>;
  close(): void | Promise<void>;
}

export interface Measured {
  /** So many a second, by way and round. */
  readonly rates: readonly (readonly number[])[];
  readonly readings: readonly Reading[];
  /** Of the client's processor, in microseconds for each: the median of each way. */
  readonly cpu: string;
}

export const rounds = 7;
/** One more warms up. */
export const allRounds = rounds + 1;

/**
 * Lets the ways take turns, for seven rounds after some that warm up: one, unless said otherwise. `of`: what is moved.
 */
export async function inTurns(
  ways: readonly Way[],
  perRound: number,
  of: string,
  warmUp = 1,
): Promise<Measured> {
  const rates = ways.map(() => [] as number[]);
  const cpu = ways.map(() => [] as number[]);
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const [index, way] of ways.entries()) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      await way.move(perRound);
      const { user, system } = process.cpuUsage(before);
      if (round < warmUp) continue;
      rates[index]!.push(perRound / ((performance.now() - start) / 1_000));
      cpu[index]!.push((user + system) / perRound);
    }
  }
  for (const way of ways) await way.close();
  return {
    rates,
    readings: ways.map(({ name }, index) => ({
      name: `${name}, ${of}`,
      unit: 'calls/s',
      spread: spreadOf(rates[index]!),
    })),
    cpu: ways.map(({ name }, index) => `${name} ${spreadOf(cpu[index]!).median.toFixed(0)} µs`).join(', '),
  };
}
