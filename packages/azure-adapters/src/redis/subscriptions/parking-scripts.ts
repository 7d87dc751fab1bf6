import type { SubscriptionKey } from './subscription-keys.js';
import { subscriptionScript } from './subscription-script.js';

const uses: readonly SubscriptionKey[] = [
  'partitions',
  'bodies',
  'statuses',
  'parked',
  'gates',
  'queues',
  'runs',
  'discards',
];

/**
 * A message is known by its position, partition and key. Its status is `<role><wish> <parked at> <due at> <failure>`:
 * the role is `f` of a head that nothing holds back, `h` of another one, `w` of who waits; the wish is an operator's,
 * `r`, `d`, or `-`.
 */
export const statuses = `
local function idOf(n, position, key) return position .. '|' .. n .. '|' .. key end
local function statusOf(id)
  local kept = redis.call('HGET', statuses, id)
  if not kept then return nil end
  local role, wish, parkedAt, dueAt, failure = string.match(kept, '^(%l)(%S) (%d+) (%d*) (.*)$')
  return { role = role, wish = wish, parkedAt = parkedAt, dueAt = dueAt, failure = failure }
end
`;

/** A head that runs by itself stands in \`runs\` by when: 0, or when it is due. */
const moving = `${statuses}
local function keep(id, status)
  redis.call('HSET', statuses, id, status.role .. status.wish .. ' ' .. status.parkedAt .. ' ' .. status.dueAt .. ' ' .. status.failure)
end
local function runOf(n, position, key, status)
  if status.role == 'w' then return nil end
  local at = (status.wish ~= '-' or status.role == 'f') and 0 or tonumber(status.dueAt)
  return at and n .. '|' .. string.format('%016.0f', at) .. '|' .. position .. '|' .. key
end
local function change(n, position, key, status, changes)
  local before = runOf(n, position, key, status)
  for name, value in pairs(changes) do status[name] = value end
  local after = runOf(n, position, key, status)
  if before then redis.call('ZREM', runs, before) end
  if after then redis.call('ZADD', runs, 0, after) end
  keep(idOf(n, position, key), status)
end
local function dueAfter(delay) return delay == '' and '' or text(now() + delay) end
`;

const fenced = `if not isOwned(ARGV[2], ARGV[3], ARGV[4], ARGV[5]) then return false end
local n = ARGV[2]`;

/** An owner's call, then of each message: key, position, body, failure (none: empty), delay (none: empty). */
export const parkScript = subscriptionScript(
  uses,
  `${moving}${fenced}
local at = text(now())
for i = 6, #ARGV, 5 do
  local key, position, body, failure, delay = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]
  local id, gate = idOf(n, position, key), n .. '|' .. key
  if redis.call('HSETNX', bodies, id, body) == 1 then
    local place = string.format('%016.0f', redis.call('HINCRBY', partitions, n .. ':places', 1))
    local isHead = redis.call('ZADD', gates, 0, gate) == 1
    redis.call('ZADD', parked, 0, id)
    redis.call('ZADD', queues, 0, gate .. '\\0' .. place .. '|' .. position)
    local status = { role = 'w', wish = '-', parkedAt = at, dueAt = dueAfter(delay), failure = failure }
    change(n, position, key, status, { role = not isHead and 'w' or failure == '' and 'f' or 'h' })
  end
end
return { written(n), 'parked' }
`,
);

/**
 * An owner's call, then key and position of a head that goes, and `discard` where that is to be remembered. It begins by
 * taking away: a server without memory left refuses a script by its first write, and what is parked can go all the same.
 */
export const takeHeadScript = subscriptionScript(
  uses,
  `${moving}${fenced}
local function takeHead(key, position)
  local gate = n .. '|' .. key
  local queue = redis.call('ZRANGEBYLEX', queues, '[' .. gate .. '\\0', '(' .. gate .. '\\1', 'LIMIT', 0, 2)
  local function positionIn(member) return string.sub(member, #gate + 1 + 16 + 1 + 1) end
  if #queue == 0 then return 'gate-lifted' end
  if positionIn(queue[1]) ~= position then return 'settled' end
  local id = idOf(n, position, key)
  local run = runOf(n, position, key, statusOf(id))
  redis.call('HDEL', bodies, id)
  redis.call('HDEL', statuses, id)
  redis.call('ZREM', parked, id)
  redis.call('ZREM', queues, queue[1])
  if run then redis.call('ZREM', runs, run) end
  if queue[2] then
    local next = positionIn(queue[2])
    change(n, next, key, statusOf(idOf(n, next, key)), { role = 'f' })
    return 'settled'
  end
  redis.call('ZREM', gates, gate)
  return 'gate-lifted'
end
local key, position = ARGV[6], ARGV[7]
local answer = takeHead(key, position)
if ARGV[8] == 'discard' then redis.call('ZADD', discards, 0, idOf(n, position, key)) end
return { written(n), answer }
`,
);

/** An owner's call, then key and position of a head that failed again, its failure and delay. */
export const failScript = subscriptionScript(
  uses,
  `${moving}${fenced}
local key, position = ARGV[6], ARGV[7]
local status = statusOf(idOf(n, position, key))
if status and status.role ~= 'w' then
  local wish = status.wish == 'r' and '-' or status.wish
  change(n, position, key, status, { role = 'h', wish = wish, failure = ARGV[8], dueAt = dueAfter(ARGV[9]) })
end
return { written(n), 'parked' }
`,
);

/** A partition's number, key and position of a head, and what an operator wishes: `r` or `d`. */
export const wishScript = subscriptionScript(
  uses,
  `${moving}
local n, key, position = ARGV[2], ARGV[3], ARGV[4]
local status = statusOf(idOf(n, position, key))
if not status or status.role == 'w' or status.wish ~= '-' then return 0 end
change(n, position, key, status, { wish = ARGV[5] })
return 1
`,
);
