import { redisScript } from '../redis-script.js';

// A copy is kept as `<state> <since> <JSON of what never changes>`, in a hash of its model.
const reading = `
local function read(field)
  local kept = redis.call('HGET', KEYS[1], field)
  if not kept then return nil end
  local state, since, rest = string.match(kept, '^(%a+) (%d+) (.*)$')
  return { state = state, since = tonumber(since), rest = rest }
end
local function enter(field, copy, state, time)
  redis.call('HSET', KEYS[1], field, state .. ' ' .. string.format('%.0f', time) .. ' ' .. copy.rest)
end
`;

export const createScript = redisScript(`${reading}
local time = now()
if redis.call('HEXISTS', KEYS[1], ARGV[2]) == 0 then enter(ARGV[2], { rest = ARGV[3] }, 'building', time) end
local copy = read(ARGV[2])
return { copy.state, time - copy.since }
`);

export const listScript = redisScript(`${reading}
local time = now()
local rows = {}
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local copy = read(field)
  rows[#rows + 1] = { field, copy.state, time - copy.since }
end
return rows
`);

export const abandonScript = redisScript(`${reading}
local copy = read(ARGV[2])
if not copy or copy.state ~= 'building' then return 0 end
enter(ARGV[2], copy, 'abandoned', now())
return 1
`);

/** What was dropped is noted in the same step: its documents are known until they are gone. */
export const dropScript = redisScript(`${reading}
local copy = read(ARGV[2])
if not copy then return 0 end
redis.call('HSET', KEYS[2], string.match(copy.rest, '"id":"([%w_-]+)"'), string.format('%.0f', now()) .. ' ' .. copy.rest)
redis.call('HDEL', KEYS[1], ARGV[2])
return 1
`);

export const switchScript = redisScript(`${reading}
local from, to = ARGV[2], ARGV[3]
local limit = tonumber(ARGV[4])
local time = now()
local version = string.match(to, '^[^/]+/')
local serving = ''
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, #version) == version and read(field).state == 'serving' then serving = field end
end
local next = read(to)
if serving ~= from or not next or next.state ~= 'building' then return 0 end
if from ~= '' then
  local copy = read(from)
  if limit and time - copy.since >= limit then return 0 end
  enter(from, copy, 'retired', time)
end
enter(to, next, 'serving', time)
return 1
`);
