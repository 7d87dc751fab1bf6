let last = { now: Number.NaN, text: '' };

/** A time as messages carry it: ISO 8601, UTC. What is made in one millisecond shares the text. */
export function isoTime(now: number): string {
  if (now !== last.now) last = { now, text: new Date(now).toISOString() };
  return last.text;
}
