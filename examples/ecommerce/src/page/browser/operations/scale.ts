/** Values on a chart at one moment; `null` where nothing was measured. */
export interface Sample {
  /** In seconds. */
  readonly at: number;
  readonly values: readonly (number | null)[];
}

/** The next round number: 1, 2 or 5 times a power of ten. */
export function roundedUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 5, 10].find((one) => one * power >= value) ?? 10;
  return step * power;
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** The moment at the right edge, in seconds. */
  readonly end: number;
  readonly seconds: number;
  /** The value at the upper edge. */
  readonly most: number;
}

/** The line of one series, broken where nothing was measured. */
export function linePath(samples: readonly Sample[], series: number, frame: Frame): string {
  let isDrawing = false;
  return samples
    .map(({ at, values }) => {
      const value = values[series];
      if (value === null || value === undefined) {
        isDrawing = false;
        return '';
      }
      const place = placeOf(at, value, frame);
      const isFirst = !isDrawing;
      isDrawing = true;
      // A line of no length, so that a moment by itself is a dot.
      return isFirst ? `M${place}h0` : `L${place}`;
    })
    .join('');
}

function placeOf(at: number, value: number, { width, height, end, seconds, most }: Frame): string {
  const x = width * (1 - (end - at) / seconds);
  const y = height * (1 - Math.min(value, most) / most);
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
