import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { unpackedRedis } from './debian-redis.js';
import type { RedisProgram } from './redis-program.js';

export interface FindRedisOptions {
  /** Where a Redis is unpacked that is not installed, and is found the next time. */
  readonly cacheFolder: string;
}

/**
 * The `redis-server` on the PATH; else the one of Debian, unpacked into the cache folder where Debian's package tools
 * are at hand. Nothing is installed. `undefined` where there is none.
 */
export async function findRedis({ cacheFolder }: FindRedisOptions): Promise<RedisProgram | undefined> {
  const path = onPath('redis-server');
  if (path !== undefined) return { path };
  if (onPath('apt-get') === undefined || onPath('dpkg-deb') === undefined) return undefined;
  return unpackedRedis(cacheFolder);
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}
