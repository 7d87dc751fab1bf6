import type { DocumentId } from '../read-models/document.js';

export interface SweepProgress {
  /** When the last sweep that came to its end began; `undefined` before the first. */
  readonly sweptAt: number | undefined;
  /** The entries that the last one was about to remove when it last said something. */
  readonly removing: readonly DocumentId[];
}

export function formatProgress({ sweptAt, removing }: SweepProgress): string {
  return JSON.stringify({ sweptAt, removing: removing.map(({ tenant, name }) => [tenant, name]) });
}

export function parseProgress(text: string | undefined): SweepProgress {
  if (text === undefined) return { sweptAt: undefined, removing: [] };
  const { sweptAt, removing } = JSON.parse(text) as {
    readonly sweptAt?: number;
    readonly removing: readonly (readonly [string, string])[];
  };
  return { sweptAt, removing: removing.map(([tenant, name]) => ({ tenant, name })) };
}
