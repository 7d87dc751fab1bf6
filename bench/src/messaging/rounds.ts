import type { Reading } from '../harness/line.js';
import { spreadOf } from '../harness/spread.js';

/** One way to move messages. */
export interface Way {
  readonly name: string;
  /** Moves so many messages, and resolves when the last one is done with. */
  move(messages: number): Promise<void>;
  close(): Promise<void>;
}

export interface Measured {
  /** Messages a second, by way and round. */
  readonly rates: readonly (readonly number[])[];
  readonly readings: readonly Reading[];
  /** Of the client's processor, in microseconds a message: the median of each way. */
  readonly cpu: string;
}

const rounds = 7;

/** Lets the ways take turns, for seven rounds after one that warms up. */
export async function inTurns(ways: readonly Way[], messages: number): Promise<Measured> {
  const rates = ways.map(() => [] as number[]);
  const cpu = ways.map(() => [] as number[]);
  for (let round = 0; round <= rounds; round++) {
    for (const [index, way] of ways.entries()) {
      const [start, before] = [performance.now(), process.cpuUsage()];
      await way.move(messages);
      const { user, system } = process.cpuUsage(before);
      if (round === 0) continue;
      rates[index]!.push(messages / ((performance.now() - start) / 1_000));
      cpu[index]!.push((user + system) / messages);
    }
  }
  for (const way of ways) await way.close();
  return {
    rates,
    readings: ways.map(({ name }, index) => ({
      name: `${name}, messages`,
      unit: 'calls/s',
      spread: spreadOf(rates[index]!),
    })),
    cpu: ways.map(({ name }, index) => `${name} ${spreadOf(cpu[index]!).median.toFixed(0)} µs`).join(', '),
  };
}
