import { createHash } from 'node:crypto';

/** A script in Lua, which runs as one step on the server. */
export interface RedisScript {
  readonly lua: string;
  readonly sha: string;
}

/**
 * The first argument of every script of ours is how far its clock is to be ahead of the server's, in milliseconds: 0
 * but in tests. `now()` gives the time; the script's own arguments begin at `ARGV[2]`.
 */
const prelude = `
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])
end
`;

export function redisScript(lua: string): RedisScript {
  const whole = prelude + lua;
  return { lua: whole, sha: createHash('sha1').update(whole).digest('hex') };
}
