/**
 * What is kept beside a checkpoint: the copy, the region that wrote then, and how far the container was when the
 * documents had been written.
 */
export interface Evidence {
  readonly copy: string;
  readonly region: string;
  /** A session token. It grows with the ranges of partition keys, as the one does that the SDK sends with each request. */
  readonly session: string;
}

export function evidenceText({ copy, region, session }: Evidence): string {
  return JSON.stringify([copy, region, session]);
}

/** `undefined` for what no Cosmos DB of ours has written. */
export function readEvidence(text: string | undefined): Evidence | undefined {
  if (text === undefined) return undefined;
  try {
    const parts = JSON.parse(text) as unknown;
    if (!Array.isArray(parts) || parts.length !== 3) return undefined;
    const [copy, region, session] = parts as readonly unknown[];
    if (typeof copy !== 'string' || typeof region !== 'string' || typeof session !== 'string')
      return undefined;
    return { copy, region, session };
  } catch {
    return undefined;
  }
}
