import { digest } from './digest.js';

/** A strong tag of a body: the same bytes, the same tag. */
export async function entityTagOf(body: string): Promise<string> {
  return `"${await digest(body, 18)}"`;
}

/** Whether `If-None-Match` names the tag; weak and strong compare alike, as RFC 9110 asks for this header. */
export function matchesTag(ifNoneMatch: string | null, tag: string): boolean {
  if (ifNoneMatch === null) return false;
  const candidates = ifNoneMatch.split(',').map((candidate) => candidate.trim());
  return candidates.some((candidate) => candidate === '*' || candidate.replace(/^W\//, '') === tag);
}
