import { Chart } from './chart.js';
import { figure, milliseconds } from './figures.js';
import type { SecondPoint } from './snapshot.js';

interface Plot {
  readonly chart: Chart;
  readonly valuesOf: (second: SecondPoint) => readonly (number | null)[];
}

const kept = 120;

/** Rates and latencies, second by second. */
export class Plots {
  readonly #plots: readonly Plot[] = [
    {
      chart: new Chart({ title: 'Commands a second', series: ['handled', 'refused'], format: figure }),
      valuesOf: ({ commands, refused }) => [commands - refused, refused],
    },
    {
      chart: new Chart({ title: 'Events a second', series: ['committed'], format: figure }),
      valuesOf: ({ events }) => [events],
    },
    {
      chart: new Chart({
        title: 'Command latency',
        series: ['half within', '95% within'],
        format: milliseconds,
      }),
      valuesOf: ({ commandLatency: { p50, p95 } }) => [p50, p95],
    },
    {
      chart: new Chart({
        title: 'Query latency',
        series: ['half within', '95% within'],
        format: milliseconds,
      }),
      valuesOf: ({ queryLatency: { p50, p95 } }) => [p50, p95],
    },
  ];
  #seconds: readonly SecondPoint[] = [];

  constructor(parent: HTMLElement) {
    parent.append(...this.#plots.map(({ chart }) => chart.root));
  }

  /** Adds seconds to those that are there; after a break some may come again. */
  add(seconds: readonly SecondPoint[]): void {
    const first = seconds[0]?.at ?? Number.POSITIVE_INFINITY;
    this.#seconds = [...this.#seconds.filter(({ at }) => at < first), ...seconds].slice(-kept);
    for (const { chart, valuesOf } of this.#plots)
      chart.show(this.#seconds.map((second) => ({ at: second.at, values: valuesOf(second) })));
  }
}
