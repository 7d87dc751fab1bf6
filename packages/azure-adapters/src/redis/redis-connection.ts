import { isIP } from 'node:net';
import { type Clock, ProgrammingError, systemClock } from '@diptych/core';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { assertFitting } from './client-settings.js';
import { type CredentialKeeper, keepLoggedIn } from './redis-credential.js';
import { redisError } from './redis-errors.js';
import { defaultCommandTimeoutInMs, type RedisConnection, type RedisEndpoint } from './redis-options.js';

export interface OpenedRedis {
  readonly native: Redis | Cluster;
  /** Closes it, unless it is the program's own. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly clock?: Clock | undefined;
  readonly onWarning: (message: string) => void;
}

/**
 * A client that is ready: the program's own, whose settings are checked, or one made for the endpoint.
 * @throws ProgrammingError `redis-settings`, `redis-url`; DiptychError `database-login`; UnavailableError.
 */
export async function openRedis(connection: RedisConnection, options: ConnectOptions): Promise<OpenedRedis> {
  if (connection instanceof Redis || connection instanceof Cluster) {
    assertFitting(connection);
    return { native: connection, close: async () => {} };
  }
  const endpoint = typeof connection === 'string' ? { url: connection } : connection;
  const { clock = systemClock, onWarning } = options;
  const { credential, user } = endpoint;
  const keeper = credential && (await keepLoggedIn({ credential, user, clock, onWarning }));
  const native = clientFor(endpoint, keeper);
  // A connection that breaks while nobody uses it is told here; it is made again by itself.
  let failure: unknown;
  native.on('error', (error: unknown) => (failure = error));
  keeper?.watch(native);
  const close = async () => {
    keeper?.stop();
    native.disconnect();
  };
  try {
    await native.connect();
  } catch (error) {
    await close();
    throw redisError(failure ?? lastNodeError(error) ?? error);
  }
  return { native, close };
}

function clientFor(endpoint: RedisEndpoint, keeper: CredentialKeeper | undefined): Redis | Cluster {
  const { hostname, port, username, password, protocol, pathname } = parsed(endpoint.url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const commandTimeout = endpoint.commandTimeoutInMs ?? defaultCommandTimeoutInMs;
  const isSecure = protocol === 'rediss:';
  const given = { username: decodeURIComponent(username), password: decodeURIComponent(password) };
  const settings: Omit<RedisOptions, 'replyMapping'> = {
    commandTimeout,
    // What does not come back at all is given up, so that the connection is made again.
    socketTimeout: 2 * commandTimeout,
    connectTimeout: commandTimeout,
    // What was sent and not answered fails at once: whether it was done is for us to find out.
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A server that was demoted behind the same name: the next connection finds the one in its place.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(username !== '' && { username: given.username }),
    ...(password !== '' && { password: given.password }),
    ...keeper?.login,
    ...((isSecure || endpoint.tls !== undefined) && {
      tls: { ...(isIP(host) === 0 && { servername: host }), ...endpoint.tls },
    }),
  };
  const at = { host, port: Number(port === '' ? 6379 : port) };
  if (endpoint.cluster !== true) {
    const db = Number(pathname.slice(1) || 0);
    return new Redis({ ...at, db, ...settings, enableOfflineQueue: false, lazyConnect: true });
  }
  return new Cluster([at], {
    redisOptions: settings,
    enableOfflineQueue: false,
    lazyConnect: true,
    retryDelayOnFailover: 0,
    // The certificate is for the name: it must not become an address on the way.
    ...(isSecure && {
      dnsLookup: (address: string, done: (error: null, found: string) => void) => done(null, address),
    }),
  });
}

function parsed(url: string): URL {
  const found = URL.canParse(url) ? new URL(url) : undefined;
  if (found !== undefined && /^rediss?:$/.test(found.protocol) && found.hostname !== '') return found;
  // The text itself may hold a password.
  throw new ProgrammingError(
    'redis-url',
    'A Redis is named by redis://host:port, or rediss://host:port for TLS.',
  );
}

/** A cluster says that no node answered, and beside it what the last of them said. */
function lastNodeError(error: unknown): unknown {
  return (error as { readonly lastNodeError?: unknown } | undefined)?.lastNodeError;
}
