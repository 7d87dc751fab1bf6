import { Cluster } from 'ioredis';
import type { RedisClient } from '../redis-client.js';
import { redisScript } from '../redis-script.js';
import { writeIdLength } from './stored-value.js';

/** A document as it is to be, if its last write is still that one; the empty text where there must be no document. */
export interface ConditionalWrite {
  readonly key: string;
  readonly expected: string;
  readonly value: string;
}

const writeScript = redisScript(`
local written = {}
for n, key in ipairs(KEYS) do
  if redis.call('GETRANGE', key, 0, ${writeIdLength - 1}) == ARGV[2 * n] then
    redis.call('SET', key, ARGV[2 * n + 1])
    written[n] = 1
  else
    written[n] = 0
  end
end
return written
`);

/** One script takes so many documents, and so many characters: it holds up everybody else on its server. */
const [documentsAtOnce, charactersAtOnce] = [100, 500_000];

/**
 * Writes documents, each on its own condition. For each 1 if it was written, 0 if another write came first, or the error,
 * as the driver gave it, with which its server answered or did not.
 */
export async function tryWrites(
  client: RedisClient,
  writes: readonly ConditionalWrite[],
): Promise<readonly unknown[]> {
  const parts = partsOf(client, writes);
  const replies = await client.tryAll(parts.map((part) => commandOf(client, part)));
  return parts.flatMap((part, at) => {
    const reply = replies[at];
    return Array.isArray(reply) ? (reply as readonly unknown[]) : part.map(() => reply);
  });
}

function commandOf(client: RedisClient, part: readonly ConditionalWrite[]) {
  const keys = part.map(({ key }) => key) as [string, ...string[]];
  return client.scripted(
    writeScript,
    keys,
    part.flatMap(({ expected, value }) => [expected, value]),
  );
}

/** In a cluster each alone, for it lies in a slot of its own. */
function partsOf(
  client: RedisClient,
  writes: readonly ConditionalWrite[],
): readonly (readonly ConditionalWrite[])[] {
  if (client.native instanceof Cluster) return writes.map((write) => [write]);
  const parts: ConditionalWrite[][] = [];
  let characters = Number.POSITIVE_INFINITY;
  for (const write of writes) {
    const part = parts.at(-1);
    characters += write.value.length;
    if (part === undefined || part.length === documentsAtOnce || characters > charactersAtOnce) {
      parts.push([write]);
      characters = write.value.length;
    } else part.push(write);
  }
  return parts;
}
