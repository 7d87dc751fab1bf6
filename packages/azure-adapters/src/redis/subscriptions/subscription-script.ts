import type { RedisClient, RedisCommand } from '../redis-client.js';
import { type RedisScript, redisScript } from '../redis-script.js';
import { type SubscriptionKey, subscriptionKeys } from './subscription-keys.js';

/** A script on the keys of one subscription, which it knows by their names. */
export interface SubscriptionScript {
  readonly script: RedisScript;
  readonly uses: readonly SubscriptionKey[];
}

/**
 * `text` keeps all digits of a number. `ownership` of an owner's call: whether the partition is that owner's under that
 * epoch, on a server that has at least as many of its writes as the owner was told of. `written` counts one more.
 */
const words = `
local function text(number) return string.format('%.0f', number) end
local function isOwned(n, owner, epoch, told)
  local found = redis.call('HMGET', partitions, n .. ':owner', n .. ':epoch', n .. ':writes')
  return found[1] == owner and found[2] == epoch and tonumber(found[3]) >= tonumber(told)
end
local function written(n) return redis.call('HINCRBY', partitions, n .. ':writes', 1) end
`;

export function subscriptionScript(uses: readonly SubscriptionKey[], lua: string): SubscriptionScript {
  const keys = uses.map((name, at) => `local ${name} = KEYS[${at + 1}]`);
  return { script: redisScript(`${keys.join('\n')}${words}${lua}`), uses };
}

/** The scripts of subscriptions on one Redis or cluster. */
export class SubscriptionScripts {
  readonly client: RedisClient;
  readonly prefix: string;

  constructor(client: RedisClient, prefix: string) {
    this.client = client;
    this.prefix = prefix;
  }

  /** @throws what `redisError` makes of it. */
  run(
    script: SubscriptionScript,
    subscription: string,
    values: readonly (string | number)[],
  ): Promise<unknown> {
    return this.client.send(this.command(script, subscription, values));
  }

  command(
    { script, uses }: SubscriptionScript,
    subscription: string,
    values: readonly (string | number)[],
  ): RedisCommand {
    const keys = subscriptionKeys(this.prefix, subscription);
    return this.client.scripted(script, uses.map((name) => keys[name]) as [string, ...string[]], values);
  }
}
