import { redisScript } from '../redis-script.js';

// An answer is kept as `<begun> <until> <text>`, and a lease as `<until> <token>`, both by the clock of the server. That
// they are deleted in time is left to it (`PX`).

/** The clock, and the answer; and the lease for who asks for it (`ARGV[2]`, `ARGV[3]`), if nobody else has it. */
export const lookScript = redisScript(`
local time = now()
local kept = redis.call('GET', KEYS[1])
local begun, text
if kept then
  local from, to, rest = string.match(kept, '^(%d+) (%d+) ()')
  if from and tonumber(to) > time then
    begun = from
    text = string.sub(kept, rest)
  end
end
local claimed = 0
if ARGV[2] then
  local held = redis.call('GET', KEYS[2])
  local ends, holder = string.match(held or '', '^(%d+) (.*)$')
  if not ends or tonumber(ends) <= time or holder == ARGV[2] then
    redis.call('SET', KEYS[2], string.format('%.0f %s', time + ARGV[3], ARGV[2]), 'PX', ARGV[3])
    claimed = 1
  end
end
return { string.format('%.0f', time), claimed, begun or '', text or '' }
`);

/** Unless its time is over, or there is one that was begun later. */
export const keepScript = redisScript(`
local time = now()
local leftInMs = ARGV[2] + ARGV[3] - time
if leftInMs <= 0 then return 0 end
local begun = string.match(redis.call('GETRANGE', KEYS[1], 0, 31), '^(%d+) ')
if begun and tonumber(begun) > tonumber(ARGV[2]) then return 0 end
local head = string.format('%.0f %.0f ', ARGV[2], ARGV[2] + ARGV[3])
redis.call('SET', KEYS[1], head .. ARGV[4], 'PX', string.format('%.0f', leftInMs))
return 1
`);

export const releaseScript = redisScript(`
local held = redis.call('GET', KEYS[1])
if held and string.match(held, '^%d+ (.*)$') == ARGV[2] then redis.call('DEL', KEYS[1]) end
return 1
`);
