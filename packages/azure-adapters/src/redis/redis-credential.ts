import { type Clock, DiptychError } from '@diptych/core';
import { Cluster, type Redis } from 'ioredis';
import type { RedisTokenCredential } from './redis-options.js';

const scope = 'https://redis.azure.com/.default';
/** A token is renewed when so much of its life is over: enough is left to try again. */
const renewedAfter = 0.7;
const retryInMs = 10_000;
/** Timers take no more than this. */
const longestTimerInMs = 2 ** 31 - 1;

export interface CredentialKeeper {
  /** For a connection that is made now. */
  readonly login: { readonly username: string; readonly password: string };
  /** From now on this client's connections, and those it makes later, are logged in by the newest token. */
  watch(client: Redis | Cluster): void;
  stop(): void;
}

interface KeeperOptions {
  readonly credential: RedisTokenCredential;
  readonly user: string | undefined;
  readonly clock: Clock;
  readonly onWarning: (message: string) => void;
}

/**
 * Gets a token, and a new one before it expires. The driver asks no credential by itself.
 * @throws DiptychError `database-login` when there is no first one.
 */
export async function keepLoggedIn(options: KeeperOptions): Promise<CredentialKeeper> {
  const keeper = new Keeper(options);
  await keeper.begin();
  return keeper;
}

class Keeper implements CredentialKeeper {
  login = { username: '', password: '' };
  readonly #options: KeeperOptions;
  #client: Redis | Cluster | undefined;
  #cancel: () => void = () => {};
  #isStopped = false;

  constructor(options: KeeperOptions) {
    this.#options = options;
  }

  async begin(): Promise<void> {
    try {
      await this.#getToken();
    } catch (error) {
      throw noToken(error);
    }
  }

  watch(client: Redis | Cluster): void {
    this.#client = client;
    // A node that is found later was configured with the token that the client began with.
    if (client instanceof Cluster)
      client.on('+node', (node: Redis) => Object.assign(node.options, this.login));
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  async #getToken(): Promise<void> {
    const { credential, user, clock } = this.#options;
    const found = await credential.getToken(scope);
    if (found == null) throw new Error('The credential gave no token.');
    this.login = { username: user ?? objectIdIn(found.token), password: found.token };
    this.#renewIn((found.expiresOnTimestamp - clock.now()) * renewedAfter);
  }

  #renewIn(delayInMs: number): void {
    if (this.#isStopped) return;
    const delay = Math.min(Math.max(delayInMs, 1_000), longestTimerInMs);
    this.#cancel = this.#options.clock.after(delay, () => void this.#renew(), { background: true });
  }

  async #renew(): Promise<void> {
    try {
      await this.#getToken();
      await Promise.all(this.#connections().map((one) => this.#logIn(one)));
    } catch (error) {
      this.#options.onWarning(`The login of Redis could not be renewed: ${(error as Error).message}`);
      this.#cancel();
      this.#renewIn(retryInMs);
    }
  }

  #connections(): readonly Redis[] {
    if (this.#client === undefined) return [];
    return this.#client instanceof Cluster ? this.#client.nodes('all') : [this.#client];
  }

  async #logIn(connection: Redis): Promise<void> {
    Object.assign(connection.options, this.login);
    // One that is not connected logs in by its options, when it is.
    if (connection.status === 'ready') await connection.auth(this.login.username, this.login.password);
  }
}

/** Azure's tokens say whom they are for, in their middle part. */
function objectIdIn(token: string): string {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const { oid } = claims as { readonly oid?: unknown };
    if (typeof oid === 'string') return oid;
  } catch {
    // Said below.
  }
  throw new Error('The token has no object id in it: give the `user` that it is for.');
}

function noToken(error: unknown): DiptychError {
  return new DiptychError({
    code: 'database-login',
    message: `There is no token to log in to Redis with: ${(error as Error).message}`,
    origin: 'infrastructure',
    cause: error,
  });
}
