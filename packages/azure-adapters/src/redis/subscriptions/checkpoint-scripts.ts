import { subscriptionScript } from './subscription-script.js';

const setting = `
local function set(n, position, entry, evidence)
  redis.call('HSET', partitions, n .. ':position', position, n .. ':entry', entry)
  if evidence == '' then redis.call('HDEL', partitions, n .. ':evidence')
  else redis.call('HSET', partitions, n .. ':evidence', evidence) end
end
local function moved(n) redis.call('HSET', partitions, n .. ':moved', text(now())) end
`;

/** Of each move: the partition's number, owner, epoch, what the owner was told; position, entry, evidence. */
export const advanceScript = subscriptionScript(
  ['partitions'],
  `${setting}
local answers = {}
for i = 2, #ARGV, 7 do
  local n, position = ARGV[i], ARGV[i + 4]
  local answer = false
  if isOwned(n, ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]) then
    local before = redis.call('HGET', partitions, n .. ':position')
    if not before or before <= position then set(n, position, ARGV[i + 5], ARGV[i + 6]) end
    if not before or before < position then moved(n) end
    answer = written(n)
  end
  answers[#answers + 1] = answer
end
return answers
`,
);

/** An owner's call, then position, entry, evidence; no position: the beginning. */
export const rewindScript = subscriptionScript(
  ['partitions'],
  `${setting}
local n = ARGV[2]
if not isOwned(n, ARGV[3], ARGV[4], ARGV[5]) then return false end
if ARGV[6] == '' then
  redis.call('HDEL', partitions, n .. ':position', n .. ':entry', n .. ':evidence', n .. ':moved')
else
  set(n, ARGV[6], ARGV[7], ARGV[8])
  moved(n)
end
return { written(n), 'rewound' }
`,
);

/** The numbers of partitions, or \`all\`. An owner whose lease is over is none. */
export const stateScript = subscriptionScript(
  ['partitions', 'gates'],
  `
local at, asked, rows = now(), { unpack(ARGV, 2) }, {}
if asked[1] == 'all' then
  asked = {}
  for _, field in ipairs(redis.call('HKEYS', partitions)) do
    asked[#asked + 1] = string.match(field, '^(-?%d+):epoch$')
  end
end
for _, n in ipairs(asked) do
  local owner, epoch, ends, moved, position, entry, evidence = unpack(redis.call('HMGET', partitions,
    n .. ':owner', n .. ':epoch', n .. ':until', n .. ':moved', n .. ':position', n .. ':entry', n .. ':evidence'))
  if epoch then
    rows[#rows + 1] = {
      n, owner and tonumber(ends) > at and owner, epoch, moved and at - moved,
      redis.call('ZLEXCOUNT', gates, '[' .. n .. '|', '(' .. n .. '}'), position, entry, evidence
    }
  end
end
return rows
`,
);
