import type { Socket } from 'node:net';
import { ProgrammingError } from '@diptych/core';
import mssql from 'mssql';
import { sqlError } from './sql-errors.js';
import type { SqlConnection } from './sql-options.js';

/** What pools of `mssql` have besides what their types tell: the pool of their connections. */
interface ConnectionsOf {
  readonly pool: {
    readonly max: number;
    on(event: 'acquireSuccess', listener: Acquired): void;
    removeListener(event: 'acquireSuccess', listener: Acquired): void;
  };
}

type Acquired = (id: number, connection: { readonly socket?: Socket }) => void;

export interface OpenedPool {
  readonly pool: mssql.ConnectionPool;
  /** Closes it, unless it is the program's own. */
  close(): Promise<void>;
}

/** What a pool of ours is made with unless the configuration says otherwise. */
const defaults = {
  pool: { max: 32, min: 0, idleTimeoutMillis: 60_000 },
  // Whether the socket stands is seen without a round trip; a question to the server would cost one each time.
  validateConnection: 'socket',
} as const;

/** How many connections a pool has at most. */
export function connectionsOf(pool: mssql.ConnectionPool): number {
  return (pool as unknown as ConnectionsOf).pool.max;
}

/** @throws DiptychError `database-login`, `database-cannot-open`; UnavailableError; ProgrammingError `pool-unfit`. */
export async function openPool(connection: SqlConnection): Promise<OpenedPool> {
  if (typeof connection === 'object' && 'connected' in connection) {
    assertFit(connection);
    const stop = sendAtOnce(connection);
    return { pool: connection, close: async () => stop() };
  }
  const given: mssql.config =
    typeof connection === 'string'
      ? (mssql.ConnectionPool.parseConnectionString(connection) as mssql.config)
      : connection;
  const config = { ...defaults, ...given, pool: { ...defaults.pool, ...given.pool } } as mssql.config;
  const pool = new mssql.ConnectionPool(config);
  // A connection that breaks while nobody uses it is told here; whoever needs one next gets another.
  pool.on('error', () => {});
  try {
    await pool.connect();
    assertFit(pool);
  } catch (error) {
    await pool.close().catch(() => {});
    throw sqlError(error);
  }
  sendAtOnce(pool);
  return { pool, close: () => pool.close() };
}

/** A transaction holds a connection and needs others. */
function assertFit(pool: mssql.ConnectionPool): void {
  if (!pool.connected)
    throw new ProgrammingError('pool-unfit', 'The pool is not connected: await `pool.connect()` first.');
  if (connectionsOf(pool) >= 2) return;
  throw new ProgrammingError(
    'pool-unfit',
    'The pool has one connection: a transaction holds one and needs others. Give it 2 or more (`pool.max`).',
  );
}

// The driver sends a request in packets of 4 KB, and leaves the socket as it is: the last packet of a longer one then
// waits until the server has acknowledged the one before, which it puts off for 40 ms or more.
function sendAtOnce(pool: mssql.ConnectionPool): () => void {
  const connections = (pool as unknown as ConnectionsOf).pool;
  const acquired: Acquired = (_id, { socket }) => void socket?.setNoDelay(true);
  connections.on('acquireSuccess', acquired);
  return () => connections.removeListener('acquireSuccess', acquired);
}
