import { statuses } from './parking-scripts.js';
import { subscriptionScript } from './subscription-script.js';

/** What is told of a message: its id, state, when it was parked and when it is due, its failure and its body. */
const telling = `${statuses}
local function stateOf(status, at)
  if status.role == 'w' then return 'waiting' end
  if status.wish == 'd' then return 'discarding' end
  if status.wish == 'r' or status.role == 'f' then return 'ready' end
  if status.dueAt == '' then return 'held' end
  return tonumber(status.dueAt) <= at and 'ready' or 'delayed'
end
local function told(id, status, state)
  return { id, state, status.parkedAt, status.dueAt, status.failure, redis.call('HGET', bodies, id) }
end
`;

/** An owner's call. The keys of the partition that are gated. */
export const gatedScript = subscriptionScript(
  ['partitions', 'gates'],
  `
local n = ARGV[2]
if not isOwned(n, ARGV[3], ARGV[4], ARGV[5]) then return false end
local keys = redis.call('ZRANGEBYLEX', gates, '[' .. n .. '|', '(' .. n .. '}')
for i, gate in ipairs(keys) do keys[i] = string.sub(gate, #n + 2) end
return { redis.call('HGET', partitions, n .. ':writes'), keys }
`,
);

/** So many that are due are put in the order of their positions at once. */
const mostDue = 1_000;

/** An owner's call, then how many. Heads that can run now, in the order of their positions. */
export const readyScript = subscriptionScript(
  ['partitions', 'bodies', 'statuses', 'runs'],
  `${telling}
local n, at, limit = ARGV[2], now(), tonumber(ARGV[6])
if not isOwned(n, ARGV[3], ARGV[4], ARGV[5]) then return false end
local ids = {}
local function add(from, to, most)
  local members = redis.call('ZRANGEBYLEX', runs, '[' .. n .. '|' .. from, '(' .. n .. '|' .. to, 'LIMIT', 0, most)
  for _, member in ipairs(members) do
    local position, key = string.match(string.sub(member, #n + 1 + 16 + 1 + 1), '^([^|]*)|(.*)$')
    ids[#ids + 1] = idOf(n, position, key)
  end
end
local zero = string.rep('0', 16)
add(zero .. '|', zero .. '}', limit)
add(zero .. '}', string.format('%016.0f', at) .. '}', math.max(limit, ${mostDue}))
table.sort(ids)
local rows = {}
for i = 1, math.min(limit, #ids) do
  local status = statusOf(ids[i])
  rows[i] = told(ids[i], status, stateOf(status, at))
end
return { redis.call('HGET', partitions, n .. ':writes'), rows }
`,
);

/** An owner's call. How long until the next delayed head is due, in milliseconds; empty where none is. */
export const nextDueScript = subscriptionScript(
  ['partitions', 'runs'],
  `
local n = ARGV[2]
if not isOwned(n, ARGV[3], ARGV[4], ARGV[5]) then return false end
local next = redis.call('ZRANGEBYLEX', runs, '[' .. n .. '|' .. string.rep('0', 16) .. '}', '(' .. n .. '}', 'LIMIT', 0, 1)[1]
local due = next and math.max(0, tonumber(string.sub(next, #n + 2, #n + 1 + 16)) - now())
return { redis.call('HGET', partitions, n .. ':writes'), due or '' }
`,
);

/** One script looks at so many, and gives back about so many bytes: it holds up everybody else on its server. */
const [lookedAtAtOnce, bytesAtOnce] = [1_000, 1_000_000];

/**
 * Behind which id (none: empty), how many; then what is wanted, each empty where anything is: the partition's number, the
 * key and an equals sign before it, what the body begins with, the state. The last id that was looked at comes first,
 * where there may be more.
 */
export const listScript = subscriptionScript(
  ['bodies', 'statuses', 'parked'],
  `${telling}
local at, after, most = now(), ARGV[2], tonumber(ARGV[3])
local partition, key, begin, state = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local ids = redis.call('ZRANGEBYLEX', parked, after == '' and '-' or '(' .. after, '+', 'LIMIT', 0, ${lookedAtAtOnce})
local rows, bytes, last = {}, 0, #ids < ${lookedAtAtOnce} and '' or ids[#ids]
for i, id in ipairs(ids) do
  local n, its = string.match(id, '^[^|]*|([^|]*)|(.*)$')
  local status = statusOf(id)
  local is = stateOf(status, at)
  if (partition == '' or partition == n) and (key == '' or key == '=' .. its) and (state == '' or state == is) then
    local row = told(id, status, is)
    if string.sub(row[6], 1, #begin) == begin then
      rows[#rows + 1] = row
      bytes = bytes + #row[6]
    end
  end
  if i < #ids and (#rows == most or bytes > ${bytesAtOnce}) then last = id break end
end
return { last, rows }
`,
);

/** Behind which id (none: empty), and how many. The ids of messages that were discarded. */
export const discardedScript = subscriptionScript(
  ['discards'],
  `
return redis.call('ZRANGEBYLEX', discards, ARGV[2] == '' and '-' or '(' .. ARGV[2], '+', 'LIMIT', 0, ARGV[3])
`,
);
