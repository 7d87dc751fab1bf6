import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { unpackedRedis } from './debian-redis.js';
import { askRedis } from './redis-commands.js';
import { startRedis } from './start-redis.js';

const cacheFolder = fileURLToPath(new URL('../../../../.cache', import.meta.url));
const folder = `${cacheFolder}/debian-redis-spec-${process.pid}`;
const isAtHand = (await unpackedRedis(cacheFolder)) !== undefined;

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!isAtHand)("Debian's Redis", () => {
  test('several that unpack it at once get one that runs', async () => {
    const [one, other] = await Promise.all([unpackedRedis(folder), unpackedRedis(folder)]);
    expect(one).toBeDefined();
    expect(other).toEqual(one);
    const redis = await startRedis(one!);
    expect(await askRedis(redis.port, 'PING')).toMatch(/^\+PONG/);
    await redis.stop();
  });
});
