import { FakeClock } from '@diptych/testing';
import { Cluster, Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clusterPlace, ownRedis, type RedisPlace, redisProgram } from '../fixtures/redis-server.js';
import { RedisClient } from './redis-client.js';
import { openRedisDatabase, redisDatabase } from './redis-database.js';
import type { RedisDatabaseOptions } from './redis-options.js';
import { redisScript } from './redis-script.js';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function server(settings: Readonly<Record<string, string>> = {}) {
  const started = await ownRedis({ settings });
  closing.push(() => started.stop());
  return started;
}

async function open(options: RedisDatabaseOptions) {
  const database = await openRedisDatabase(options, {});
  closing.push(() => database.close());
  return database;
}

const fitting = {
  commandTimeout: 1_000,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
};

const withCode = (code: string) => expect.objectContaining({ code });

describe.skipIf(redisProgram === undefined)('a database on a Redis', () => {
  test('a client of the program’s own is used, and stays open', async () => {
    const { port } = await server();
    const client = new Redis(port, fitting);
    closing.push(async () => client.disconnect());
    await new Promise((resolve) => client.once('ready', resolve));
    const database = await open({ connection: client });
    expect(database.client).toBe(client);
    expect(database.unchecked).toEqual([]);
    await database.close();
    expect(await client.ping()).toBe('PONG');
  });

  test.each([
    [{ commandTimeout: undefined }, 'commandTimeout'],
    [{ enableOfflineQueue: true }, 'enableOfflineQueue'],
    [{ autoResendUnfulfilledCommands: true }, 'autoResendUnfulfilledCommands'],
    [{ maxRetriesPerRequest: null }, 'maxRetriesPerRequest'],
    [{ keyPrefix: 'shop:' }, 'keyPrefix'],
    [{ readOnly: true }, 'readOnly'],
  ])('a client with %o is refused by the name of the setting', async (changes, setting) => {
    const client = new Redis({ ...fitting, ...(changes as object), lazyConnect: true });
    await expect(redisDatabase({ connection: client })).rejects.toMatchObject({
      code: 'redis-settings',
      origin: 'programming',
      details: { settings: [setting] },
    });
  });

  test('a client of a cluster is held to the same, and to what a cluster repeats', async () => {
    const refused = new Cluster([{ port: 1 }], { lazyConnect: true, scaleReads: 'all' });
    await expect(redisDatabase({ connection: refused })).rejects.toMatchObject({
      details: {
        settings: ['redisOptions.commandTimeout', 'enableOfflineQueue', 'retryDelayOnFailover', 'scaleReads'],
      },
    });
  });

  test.each(['allkeys-lru', 'allkeys-random', 'allkeys-lfu'])(
    'a server that evicts by %s is refused',
    async (policy) => {
      const { url } = await server({ 'maxmemory-policy': policy });
      await expect(redisDatabase({ connection: url })).rejects.toMatchObject({
        code: 'redis-eviction',
        details: { policy },
      });
    },
  );

  test('what the server does not tell is said', async () => {
    const { url, port } = await server();
    const admin = await open({ connection: url });
    await admin.client.call('ACL', 'SETUSER', 'shop', 'on', '>secret', '~*', '&*', '+@all', '-info');
    const warnings: string[] = [];
    const connection = new Redis({
      port,
      username: 'shop',
      password: 'secret',
      ...fitting,
      enableReadyCheck: false,
    });
    closing.push(async () => connection.disconnect());
    await new Promise((resolve) => connection.once('ready', resolve));
    const database = await open({ connection, onWarning: (message) => warnings.push(message) });
    expect(database.unchecked).toEqual([
      expect.stringContaining('maxmemory-policy'),
      expect.stringContaining('INFO replication'),
    ]);
    expect(warnings).toEqual(database.unchecked);
  });

  test('a wrong password, a URL of another kind and a server that is not there have errors of their own', async () => {
    const { port } = await server({ requirepass: 'secret' });
    const refused = (connection: string) => redisDatabase({ connection });
    await expect(refused(`redis://default:wrong@127.0.0.1:${port}`)).rejects.toEqual(
      withCode('database-login'),
    );
    await expect(refused(`redis://127.0.0.1:${port}`)).rejects.toEqual(withCode('database-login'));
    await expect(refused('http://127.0.0.1')).rejects.toEqual(withCode('redis-url'));
    await expect(refused('redis://127.0.0.1:1')).rejects.toEqual(withCode('unavailable'));
    await expect(redisDatabase({ connection: 'redis://127.0.0.1:1', prefix: '{a}' })).rejects.toEqual(
      withCode('redis-prefix'),
    );
    await open({ connection: `redis://default:secret@127.0.0.1:${port}` });
  });

  test('a full server, one that was demoted and one that hangs have errors that say whether to try again', async () => {
    const { url, pid, port } = await server();
    const database = await open({ connection: { url, commandTimeoutInMs: 1_000 } });
    const client = new RedisClient(database.client);
    const set = (key: string) => client.send({ key, words: ['SET', key, 'x'] });
    await database.client.config('SET', 'maxmemory', '1');
    await expect(set('full')).rejects.toMatchObject({ code: 'memory-full', retryable: true });
    await database.client.config('SET', 'maxmemory', '0');
    process.kill(pid, 'SIGSTOP');
    await expect(set('hangs')).rejects.toMatchObject({ code: 'unavailable', retryable: true });
    process.kill(pid, 'SIGCONT');
    await expect.poll(() => client.send({ key: 'a', words: ['DEL', 'a'] }).catch(String)).toBe(0);
    await database.client.call('REPLICAOF', '127.0.0.1', String(port - 1));
    await expect(client.send({ key: 'a', words: ['DEL', 'a'] })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('READONLY'),
    });
  });

  test('a command whose connection was lost fails, and is not sent again', async () => {
    const { url, pid } = await server();
    const database = await open({ connection: url });
    const client = new RedisClient(database.client);
    const other = await open({ connection: url });
    const id = await database.client.client('ID');
    process.kill(pid, 'SIGSTOP');
    const incremented = client.send({ key: 'n', words: ['INCR', 'n'] }).then(
      () => 'done',
      (error) => error.code,
    );
    const killed = other.client.client('KILL', 'ID', String(id));
    process.kill(pid, 'SIGCONT');
    await killed;
    const outcome = await incremented;
    expect(['done', 'unavailable']).toContain(outcome);
    await expect.poll(() => database.client.get('n').catch(String)).toMatch(/1|null/);
    expect(Number(await other.client.get('n'))).toBeLessThanOrEqual(1);
  });

  test('a script is run by its digest, and sent in full to a server that does not know it', async () => {
    const { url } = await server();
    const client = new RedisClient((await open({ connection: url })).client, { aheadInMs: () => 5_000 });
    const script = redisScript(`return { KEYS[1], ARGV[2], now() }`);
    const [key, value, time] = (await client.run(script, ['key'], ['ä"\n'])) as [string, string, number];
    expect([key, value]).toEqual(['key', 'ä"\n']);
    expect(Math.abs(time - 5_000 - Date.now())).toBeLessThan(1_000);
    expect(await client.native.call('SCRIPT', 'EXISTS', script.sha)).toEqual([1]);
    await client.native.call('SCRIPT', 'FLUSH');
    expect(await client.run(script, ['key'], ['again'])).toEqual(['key', 'again', expect.any(Number)]);
  });

  test('tokens log in, and are renewed on the connections that stand before they expire', async () => {
    const { url } = await server();
    const admin = await open({ connection: url });
    const setPassword = (password: string) =>
      admin.client.call('ACL', 'SETUSER', 'app', 'on', 'resetpass', `>${password}`, '~*', '&*', '+@all');
    const clock = new FakeClock();
    const tokens: string[] = [];
    const credential = {
      async getToken() {
        if (failing) throw new Error('Entra is away.');
        tokens.push(`token-${tokens.length + 1}`);
        await setPassword(tokens.at(-1)!);
        return { token: tokens.at(-1)!, expiresOnTimestamp: clock.now() + 3_600_000 };
      },
    };
    let failing = false;
    const warnings: string[] = [];
    const onWarning = (message: string) => void warnings.push(message);
    const database = await open({ connection: { url, credential, user: 'app' }, clock, onWarning });
    expect(await database.client.call('ACL', 'WHOAMI')).toBe('app');
    failing = true;
    await clock.advance(2_520_000);
    await expect.poll(() => warnings).toHaveLength(1);
    failing = false;
    await clock.advance(10_000);
    await expect.poll(() => tokens).toHaveLength(2);
    // The next connection is made with the newest token.
    await expect.poll(() => database.client.options).toMatchObject({ password: 'token-2' });
    await admin.client.client('KILL', 'USER', 'app');
    await expect.poll(() => database.client.call('ACL', 'WHOAMI').catch(String)).toBe('app');
    await database.close();
    await clock.advance(3_600_000);
    expect(tokens).toHaveLength(2);
  });

  test('a token is for the object id in it, unless a user is given', async () => {
    const { url } = await server();
    const claims = Buffer.from(JSON.stringify({ oid: 'object-id' })).toString('base64url');
    const token = `header.${claims}.signature`;
    const admin = await open({ connection: url });
    await admin.client.call('ACL', 'SETUSER', 'object-id', 'on', `>${token}`, '~*', '&*', '+@all');
    const expiresOnTimestamp = Date.now() + 3_600_000;
    const credential = { getToken: async () => ({ token, expiresOnTimestamp }) };
    const database = await open({ connection: { url, credential } });
    expect(await database.client.call('ACL', 'WHOAMI')).toBe('object-id');
    const none = { url, credential: { getToken: async () => null } };
    await expect(redisDatabase({ connection: none })).rejects.toEqual(withCode('database-login'));
  });
});

describe.skipIf(redisProgram === undefined)('a database on a cluster', () => {
  let place: RedisPlace;
  beforeAll(async () => {
    place = await clusterPlace();
  });
  afterAll(() => place?.close());

  test('commands go to the nodes that have their keys, and replies come in their order', async () => {
    const client = new RedisClient((await open({ connection: place.connection })).client);
    const keys = Array.from({ length: 100 }, (_, at) => `key ${at} {${at % 7}`);
    await client.sendAll(keys.map((key, at) => ({ key, words: ['SET', key, at] })));
    const replies = await client.sendAll(keys.map((key) => ({ key, words: ['GET', key] })));
    expect(replies).toEqual(keys.map((_, at) => `${at}`));
    const script = redisScript(`return redis.call('INCR', KEYS[1])`);
    const sums = await client.sendAll(keys.map((key) => client.scripted(script, [key], [])));
    expect(sums).toEqual(keys.map((_, at) => at + 1));
  });

  test('a command that came to the wrong node finds the right one', async () => {
    const { client: native } = await open({ connection: place.connection });
    const client = new RedisClient(native);
    let changed = 0;
    client.onChange(() => changed++);
    const slots = (native as Cluster).slots;
    slots.push(slots.shift()!);
    slots.reverse();
    const keys = Array.from({ length: 20 }, (_, at) => `moved ${at}`);
    const replies = await client.sendAll(keys.map((key) => ({ key, words: ['SET', key, '1'] })));
    expect(new Set(replies)).toEqual(new Set(['OK']));
    expect(changed).toBeGreaterThan(0);
  });

  test('tokens log in to every node, also one that is found later', async () => {
    const admin = await open({ connection: place.connection });
    const words = ['SETUSER', 'app', 'on', '>token', '~*', '&*', '+@all'];
    for (const node of (admin.client as Cluster).nodes('master')) await node.call('ACL', ...words);
    const credential = {
      getToken: async () => ({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const database = await open({ connection: { ...place.connection, credential, user: 'app' } });
    const nodes = (database.client as Cluster).nodes('master');
    expect(nodes).toHaveLength(3);
    for (const node of nodes) expect(await node.call('ACL', 'WHOAMI')).toBe('app');
  });
});
