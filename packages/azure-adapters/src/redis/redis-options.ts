import type { ConnectionOptions } from 'node:tls';
import type { Clock } from '@diptych/core';
import type { Cluster, Redis } from 'ioredis';

/** What `@azure/identity` gives. */
export interface RedisTokenCredential {
  getToken(
    scopes: string,
  ): Promise<{ readonly token: string; readonly expiresOnTimestamp: number } | null | undefined>;
}

/** Where a Redis is, and who comes: a client is made of it whose settings fit. */
export interface RedisEndpoint {
  /** `redis://user:password@host:6379`, or `rediss://…` for TLS. */
  readonly url: string;
  /** Whether it is a node of a cluster, by which the others are found. Default false. */
  readonly cluster?: boolean | undefined;
  /** In place of a password: tokens of Entra ID, renewed before they expire. */
  readonly credential?: RedisTokenCredential | undefined;
  /** The user that the tokens are for. Default: the object id in the token. */
  readonly user?: string | undefined;
  /** For TLS: the authority of a certificate that no public one signed, say. */
  readonly tls?: ConnectionOptions | undefined;
  /** How long one command may take, in milliseconds. Default 5,000. */
  readonly commandTimeoutInMs?: number | undefined;
}

/** A client of the program's own, an endpoint, or its URL. */
export type RedisConnection = Redis | Cluster | RedisEndpoint | string;

export interface RedisDatabaseOptions {
  /**
   * A client stays the program's to close, and its settings are checked: a command must end in a stated time and must
   * not be sent again by itself. Of an endpoint or a URL a client is made.
   */
  readonly connection: RedisConnection;
  /** What our keys begin with: 1 to 64 letters, digits, `.`, `_`, `-`. Default `diptych`. */
  readonly prefix?: string | undefined;
  /** The largest document of a read model, in bytes of JSON. Default: no limit of ours; Redis takes 512 MB. */
  readonly maxDocumentBytes?: number | undefined;
  /**
   * How many replicas of each server must have a batch of documents before its checkpoint moves (`WAIT`), and for how
   * long that is waited for, in milliseconds, less than a command may take. It lessens what a failover loses. Default: none.
   */
  readonly waitForReplicas?: { readonly count: number; readonly timeoutInMs: number } | undefined;
  /** The program's clock, for pauses. Ages and leases are by the server's clock. */
  readonly clock?: Clock | undefined;
  /** Told what the server does not let us check, and that a token could not be renewed. Default: a warning of the process. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

export const defaultPrefix = 'diptych';
export const defaultCommandTimeoutInMs = 5_000;
