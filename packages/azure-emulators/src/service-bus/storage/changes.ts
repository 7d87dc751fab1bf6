/** Told of everything that changes in what a broker holds. */
export interface Changes {
  changed(): void;
}

/** Nobody wants to know. */
export const unwatched: Changes = { changed: () => {} };
