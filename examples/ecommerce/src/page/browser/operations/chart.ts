import { element } from '../elements.js';
import { type Frame, linePath, roundedUp, type Sample } from './scale.js';
import { svg } from './svg.js';

export interface ChartOptions {
  readonly title: string;
  /** Two at most: the first one is filled, the second one dashed. */
  readonly series: readonly string[];
  readonly format: (value: number) => string;
  /** Without a legend, for a place that says the value itself. */
  readonly isSmall?: boolean;
}

const size = { width: 300, height: 100, seconds: 120 };

/** How something went during the last two minutes. */
export class Chart {
  readonly root = element('figure', '', { class: 'chart' });
  readonly #options: ChartOptions;
  readonly #picture = svg('svg', {
    viewBox: `0 0 ${size.width} ${size.height}`,
    preserveAspectRatio: 'none',
    class: 'chart-picture',
    role: 'img',
  });
  readonly #area = svg('path', { class: 'chart-area' });
  readonly #lines: readonly SVGPathElement[];
  readonly #values: readonly HTMLElement[];
  readonly #most = element('span', '', { class: 'chart-most', 'aria-hidden': 'true' });

  constructor(options: ChartOptions) {
    this.#options = options;
    this.#lines = options.series.map((_name, index) =>
      svg('path', { class: `chart-line series-${index + 1}` }),
    );
    this.#values = options.series.map(() => element('strong', '–'));
    const middle = svg('path', { class: 'chart-grid', d: `M0 ${size.height / 2}H${size.width}` });
    this.#picture.append(middle, this.#area, ...this.#lines);
    const plot = element('div', '', { class: 'chart-plot' });
    plot.append(this.#picture, this.#most);
    this.root.append(...(options.isSmall ? [] : [this.#caption()]), plot);
    this.root.classList.toggle('small', options.isSmall === true);
  }

  show(samples: readonly Sample[]): void {
    const { series, format } = this.#options;
    const end = samples.at(-1)?.at ?? 0;
    const shown = samples.filter(({ at }) => at > end - size.seconds);
    const highest = Math.max(0, ...shown.flatMap(({ values }) => values.map((value) => value ?? 0)));
    const frame: Frame = { ...size, end, most: roundedUp(highest) };
    for (const [index, line] of this.#lines.entries()) line.setAttribute('d', linePath(shown, index, frame));
    this.#area.setAttribute('d', areaPath(shown, frame));
    this.#most.textContent = highest === 0 ? '' : format(frame.most);
    const now = series.map((_name, index) => shown.at(-1)?.values[index] ?? null);
    for (const [index, value] of this.#values.entries()) setText(value, textOf(now[index], format));
    this.#picture.setAttribute('aria-label', this.#described(now, highest));
  }

  #caption(): HTMLElement {
    const caption = element('figcaption');
    caption.append(element('span', this.#options.title, { class: 'chart-title' }));
    for (const [index, name] of this.#options.series.entries()) {
      const entry = element('span', '', { class: `chart-legend series-${index + 1}` });
      const swatch = svg('svg', { viewBox: '0 0 16 8', class: 'chart-swatch', 'aria-hidden': 'true' });
      swatch.append(svg('path', { d: 'M0 4H16', class: `chart-line series-${index + 1}` }));
      entry.append(swatch, ` ${name} `, this.#values[index] ?? '');
      caption.append(entry);
    }
    return caption;
  }

  #described(now: readonly (number | null)[], highest: number): string {
    const { title, series, format } = this.#options;
    const values = series.map((name, index) => `${name} ${textOf(now[index], format)}`).join(', ');
    return `${title}: ${values} now, at most ${format(highest)} in the last two minutes`;
  }
}

function areaPath(samples: readonly Sample[], frame: Frame): string {
  const zeros = samples.map(({ at, values: [value] }) => ({ at, values: [value ?? 0] }));
  const line = linePath(zeros, 0, frame);
  if (line === '') return '';
  const first = frame.width * (1 - (frame.end - (samples[0]?.at ?? 0)) / frame.seconds);
  return `${line}V${frame.height}H${first.toFixed(1)}Z`;
}

function textOf(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}

function setText(place: HTMLElement, text: string): void {
  if (place.textContent !== text) place.textContent = text;
}
