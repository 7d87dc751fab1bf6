const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** The pauses before each further attempt; the last one is repeated. */
const pauses = [
  10 * seconds,
  30 * seconds,
  1 * minutes,
  5 * minutes,
  10 * minutes,
  30 * minutes,
  1 * hours,
  3 * hours,
  6 * hours,
  12 * hours,
];

/** How long to wait after so many attempts. */
export function pauseAfter(attempts: number): number {
  return pauses[Math.min(attempts, pauses.length) - 1]!;
}

/** Answers that say that another attempt is of no use. */
const finalStatuses = new Set([400, 401, 403, 413]);

/** What an answer means: it was taken, it may be tried again, or never. */
export function meaningOf(status: number | undefined): 'taken' | 'again' | 'never' {
  if (status !== undefined && status >= 200 && status <= 204) return 'taken';
  return status !== undefined && finalStatuses.has(status) ? 'never' : 'again';
}
