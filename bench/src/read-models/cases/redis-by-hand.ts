import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { NoteByHand, NotesByHand } from '../projector-by-hand.js';

/** A UUID. */
const revisionLength = 36;

/** Sets each key if its text still begins with the revision that was loaded. */
const writeScript = `
local written = 0
for n, key in ipairs(KEYS) do
  if redis.call('GETRANGE', key, 0, ${revisionLength - 1}) == ARGV[2 * n - 1] then
    redis.call('SET', key, ARGV[2 * n])
    written = written + 1
  end
end
return written
`;
const scriptHash = createHash('sha1').update(writeScript).digest('hex');

/** As many as a script of ours takes. */
const writtenAtOnce = 100;

/**
 * A document is a text: the revision, and then the JSON of marks and document. All ids are in a sorted set beside them,
 * so that they can be listed.
 */
export function redisNotesByHand(client: Redis, prefix: string): NotesByHand {
  const keyOf = (note: string) => `${prefix}:d:${note}`;
  const scriptKnown = client.script('LOAD', writeScript);
  return {
    async load(notes) {
      const values = await client.mget(notes.map(keyOf));
      return values.map((value) =>
        value === null
          ? undefined
          : {
              revision: value.slice(0, revisionLength),
              ...(JSON.parse(value.slice(revisionLength)) as Omit<NoteByHand, 'revision'>),
            },
      );
    },
    async write(notes) {
      await scriptKnown;
      const fresh = notes.filter(({ revision }) => revision === undefined);
      const pipeline = client.pipeline();
      if (fresh.length > 0)
        pipeline.zadd(`${prefix}:ids`, ...fresh.flatMap(({ document }) => [0, document.note]));
      for (let from = 0; from < notes.length; from += writtenAtOnce) {
        const part = notes.slice(from, from + writtenAtOnce);
        const keys = part.map(({ document }) => keyOf(document.note));
        pipeline.evalsha(scriptHash, keys.length, ...keys, ...part.flatMap(argumentsOf));
      }
      const written = allWritten(await pipeline.exec(), fresh.length > 0 ? 1 : 0);
      if (written !== notes.length) throw new Error(`${written} of ${notes.length} notes were written.`);
    },
  };
}

function argumentsOf({ revision = '', document, marks }: NoteByHand): readonly [string, string] {
  return [revision, randomUUID() + JSON.stringify({ marks, document })];
}

function allWritten(
  replies: Awaited<ReturnType<ReturnType<Redis['pipeline']>['exec']>>,
  from: number,
): number {
  let written = 0;
  for (const [error, reply] of (replies ?? []).slice(from)) {
    if (error !== null) throw error;
    written += reply as number;
  }
  return written;
}
