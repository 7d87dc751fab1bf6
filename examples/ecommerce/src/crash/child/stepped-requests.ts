import { channel } from 'node:diagnostics_channel';
import type { Step } from '../step.js';
import type { Fuse } from './fuse.js';

/** What a request does, by its text: while the server is at it, that is the step. */
const deeds: readonly (readonly [RegExp, Step])[] = [
  [/INSERT INTO \S+\[journal\][\s\S]*COMMIT;/, 'between append and commit'],
  [/INSERT INTO \S+\[crash_\d+\]/, 'in a migration'],
];

/** Passes the moments at which the server works on a request, and nobody knows how far it is. */
export function stepRequests(fuse: Fuse): void {
  for (const kind of ['query', 'batch']) {
    channel(`tracing:mssql:${kind}:start`).subscribe((message) => {
      const { command } = message as { readonly command: unknown };
      const step = deeds.find(([pattern]) => typeof command === 'string' && pattern.test(command))?.[1];
      // What is asked for now goes out a moment later.
      if (step !== undefined) setTimeout(() => fuse.pass(step), 1);
    });
  }
}
