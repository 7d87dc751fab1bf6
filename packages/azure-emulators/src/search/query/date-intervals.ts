const intervals = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
export type DateInterval = (typeof intervals)[number];

export const isDateInterval = (text: string): text is DateInterval =>
  intervals.includes(text as DateInterval);

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** When the interval began in which an instant is, in UTC, both in milliseconds. Weeks begin on Sunday. */
export function startOf(interval: DateInterval, instant: number): number {
  const date = new Date(instant);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  switch (interval) {
    case 'minute':
      return floor(instant, minute);
    case 'hour':
      return floor(instant, hour);
    case 'day':
      return floor(instant, day);
    case 'week':
      return floor(instant, day) - date.getUTCDay() * day;
    case 'month':
      return Date.UTC(year, month);
    case 'quarter':
      return Date.UTC(year, month - (month % 3));
    case 'year':
      return Date.UTC(year, 0);
  }
}

const floor = (value: number, step: number) => Math.floor(value / step) * step;
