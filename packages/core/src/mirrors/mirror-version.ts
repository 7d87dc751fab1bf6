import type { Marks } from '../read-models/document.js';

/**
 * The version of a state. Marks say which events are in a document, and with that what is in it. A store that keeps
 * JSON may give the same document back as another text, so the text says nothing.
 */
export function mirrorVersionOf(marks: Marks): string {
  return Object.entries(marks)
    .map(([partition, position]) => `${partition}:${position}`)
    .sort()
    .join(' ');
}
