import { subscriptionScript } from './subscription-script.js';

/**
 * An epoch is never given twice, also not by a server that has lost the last ones: it is of the present millisecond, and
 * higher than any that is known here or was told to who takes. An owner that takes again what it has, and is told all
 * of it, gets the very next one.
 */
const taking = `
local function leaseOf(n)
  local found = redis.call('HMGET', partitions, n .. ':owner', n .. ':epoch', n .. ':writes', n .. ':until')
  return {
    owner = found[1], epoch = tonumber(found[2] or 0), writes = tonumber(found[3] or 0), ends = tonumber(found[4] or 0)
  }
end
local function take(n, lease, owner, ends, toldEpoch, toldWrites)
  local isTold = lease.owner == owner and lease.epoch == toldEpoch and lease.writes == toldWrites
  local epoch = isTold and lease.epoch + 1 or math.max(lease.epoch + 2, toldEpoch + 2, now() * 1000)
  redis.call('HSET', partitions, n .. ':owner', owner, n .. ':epoch', text(epoch), n .. ':writes', 0, n .. ':until', ends)
end
local function owned(n)
  local found = redis.call('HMGET', partitions,
    n .. ':epoch', n .. ':writes', n .. ':position', n .. ':entry', n .. ':evidence')
  return { n, unpack(found) }
end
`;

/** Owner, lease, the most that it may hold (none: empty); of each partition its number and what the owner was told. */
export const acquireScript = subscriptionScript(
  ['partitions', 'owners'],
  `${taking}
local owner, at, most = ARGV[2], now(), tonumber(ARGV[4])
local ends = text(at + ARGV[3])
redis.call('ZREMRANGEBYSCORE', owners, '-inf', text(at))
redis.call('ZADD', owners, ends, owner)
local held, free = {}, {}
for i = 5, #ARGV, 3 do
  local n, toldEpoch, toldWrites = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  local lease = leaseOf(n)
  local isLost = lease.epoch < toldEpoch or (lease.epoch == toldEpoch and lease.writes < toldWrites)
  if lease.owner == owner and not isLost then
    redis.call('HSET', partitions, n .. ':until', ends)
    held[#held + 1] = owned(n)
  elseif not lease.owner or lease.owner == owner or lease.ends <= at then
    free[#free + 1] = { n, lease, toldEpoch, toldWrites }
  end
end
for _, one in ipairs(free) do
  if most and #held >= most then break end
  local n, lease, toldEpoch, toldWrites = unpack(one)
  take(n, lease, owner, ends, toldEpoch, toldWrites)
  held[#held + 1] = owned(n)
end
return { redis.call('ZCARD', owners), held }
`,
);

/** Owner, lease, the partition's number, and what the owner was told of it. */
export const seizeScript = subscriptionScript(
  ['partitions', 'owners'],
  `${taking}
local owner, ends, n = ARGV[2], text(now() + ARGV[3]), ARGV[4]
redis.call('ZADD', owners, ends, owner)
take(n, leaseOf(n), owner, ends, tonumber(ARGV[5]), tonumber(ARGV[6]))
return owned(n)
`,
);

/** Of each partition its number, owner and epoch. An owner that has nothing left does not count any more. */
export const releaseScript = subscriptionScript(
  ['partitions', 'owners'],
  `
local givers, count = {}, 0
for i = 2, #ARGV, 3 do
  local n, owner, epoch = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  if isOwned(n, owner, epoch, 0) then
    redis.call('HDEL', partitions, n .. ':owner')
    givers[owner] = true
    count = count + 1
  end
end
if count == 0 then return 0 end
local fields = redis.call('HGETALL', partitions)
for i = 1, #fields, 2 do
  if string.sub(fields[i], -6) == ':owner' then givers[fields[i + 1]] = nil end
end
for owner in pairs(givers) do redis.call('ZREM', owners, owner) end
return count
`,
);
