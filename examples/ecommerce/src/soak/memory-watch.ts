import { readFileSync } from 'node:fs';

/** What a process held in memory over time, in megabytes. */
export class MemoryWatch {
  readonly #look: () => number;
  readonly #seen: number[] = [];

  constructor(look: () => number) {
    this.#look = look;
  }

  look(): void {
    this.#seen.push(this.#look());
  }

  /**
   * By how much the median of the last quarter exceeds that of the second one: the first is for warming up. What the
   * process collects in between goes up and down; what it leaks only goes up.
   */
  get grownBy(): number {
    const quarter = Math.max(1, Math.floor(this.#seen.length / 4));
    return median(this.#seen.slice(-quarter)) - median(this.#seen.slice(quarter, 2 * quarter));
  }

  get last(): number {
    return this.#seen.at(-1) ?? 0;
  }
}

/** The memory of another process of this machine, where the system tells. */
export function residentMegabytesOf(pid: number): number {
  const [, kilobytes = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1_024;
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
