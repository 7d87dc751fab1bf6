import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { boundToUs } from './bound-process.js';
import { findRedis } from './find-redis.js';
import { freePort } from './free-port.js';
import { askRedis } from './redis-commands.js';
import { startRedis } from './start-redis.js';
import { startRedisCluster } from './start-redis-cluster.js';
import { startRedisReplica } from './start-redis-replica.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const cacheFolder = here('../../../../.cache');
const program = await findRedis({ cacheFolder });

/** A program that starts what it is told, and waits for its end. */
const holding = `
  const { command, words, options } = JSON.parse(process.argv[1]);
  require('node:child_process').spawn(command, words, options);
  setInterval(() => {}, 1_000);`;

describe.skipIf(program === undefined)('a Redis in a process of its own', () => {
  test('it answers, and is gone when it is stopped', async () => {
    const redis = await startRedis(program!);
    expect(await askRedis(redis.port, 'PING')).toMatch(/^\+PONG/);
    await redis.stop();
    await expect(askRedis(redis.port, 'PING')).rejects.toThrow('ECONNREFUSED');
  });

  test('it takes settings, and tells why it does not start', async () => {
    const redis = await startRedis(program!, { settings: { 'maxmemory-policy': 'allkeys-lru' } });
    expect(await askRedis(redis.port, 'CONFIG GET maxmemory-policy')).toContain('allkeys-lru');
    await expect(startRedis(program!, { port: redis.port })).rejects.toThrow('Address already in use');
    await redis.stop();
  });

  test('it ends with the process that started it, also when that is killed', async () => {
    const [folder, port] = [await mkdtemp(join(tmpdir(), 'diptych-redis-')), await freePort()];
    const server = boundToUs(program!, ['--port', `${port}`, '--save', ''], folder);
    const holder = spawn(process.execPath, ['-e', holding, JSON.stringify(server)]);
    await expect.poll(() => askRedis(port, 'PING').catch(() => '')).toMatch(/^\+PONG/);
    holder.kill('SIGKILL');
    await expect.poll(() => askRedis(port, 'PING').catch(String)).toContain('ECONNREFUSED');
    await expect.poll(() => existsSync(folder)).toBe(false);
  });

  test('a replica has what its primary has, and goes on without it', async () => {
    const primary = await startRedis(program!);
    await askRedis(primary.port, 'SET key value');
    const replica = await startRedisReplica(program!, primary);
    expect(await askRedis(replica.port, 'GET key')).toContain('value');
    await primary.stop();
    await askRedis(replica.port, 'REPLICAOF NO ONE');
    expect(await askRedis(replica.port, 'SET key other')).toMatch(/^\+OK/);
    await replica.stop();
  });

  test('three nodes with a replica each are one cluster', async () => {
    const cluster = await startRedisCluster(program!, { replicas: 1 });
    const answers = await Promise.all(cluster.nodes.map(({ port }) => askRedis(port, 'CLUSTER INFO')));
    expect(answers).toHaveLength(6);
    for (const answer of answers) expect(answer).toContain('cluster_slots_ok:16384');
    await cluster.stop();
  });
});
