import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { asSource } from '../lua/define-script.ts'
import { runScript } from '../lua/run-script.ts'
import type { Scope } from './scheduler-model-snapshot.fixture.ts'

/**
 * Reads the whole state of shard 0 in one command, as the text that the model writes. A time is as of a return now: an
 * earlier time has no effect.
 */
const script = asSource(
  'snapshot',
  `
local tag = ARGV[1]
local names, keys, classes = {}, {}, {}
for name in string.gmatch(ARGV[2], '[^,]+') do names[#names + 1] = name end
for key in string.gmatch(ARGV[3], '([^,]*),') do keys[#keys + 1] = key end
for class in string.gmatch(ARGV[4], '[^,]+') do classes[#classes + 1] = class end
local isExact = #classes == 0
local lines = {}
local function add(line) lines[#lines + 1] = line end
local function set(name, key)
  local found, entries = redis.call('ZRANGE', tag .. key, 0, -1, 'WITHSCORES'), {}
  for at = 1, #found, 2 do
    local score = found[at + 1]
    if string.find(score, '.', 1, true) then score = string.format('%.6f', score) end
    entries[#entries + 1] = found[at] .. ' ' .. score
  end
  add(name .. '=' .. table.concat(entries, ','))
end
local function number(text) return tonumber(text or 0) end
local function whole(value) return string.format('%.0f', value) end
set('returned', ':returned')
set('due', ':due')
set('expiries', ':expiries')
set('leases', ':leases')
set('deadlines', ':deadlines')
local time = number(redis.call('HGET', tag .. ':scheduler', 'time'))
if isExact then
  set('ring', ':ring')
  add('time=' .. whole(time))
end
for _, name in ipairs(names) do
  local running = redis.call('SMEMBERS', tag .. ':running:' .. name)
  table.sort(running)
  local state = tag .. ':workspace:' .. name
  local queued, own, keyTime = unpack(redis.call('HMGET', state, 'queued', 'time', 'key-time'))
  add('running=' .. table.concat(running, ','))
  add('queued=' .. number(queued))
  if isExact then
    add('times=' .. whole(math.max(number(own), time)) .. ' ' .. whole(number(keyTime)))
    set('keys', ':keys:' .. name)
  end
  for _, key in ipairs(keys) do
    set('turns', ':backlog:' .. name .. ':' .. key)
    for _, class in ipairs(classes) do set('turns', ':backlog:' .. name .. ':' .. key .. '~' .. class) end
    local runs, used = string.match(redis.call('HGET', state, 'k:' .. key) or '0 0', '^(%d+) (%d+)')
    add('lane=' .. runs .. (isExact and ' ' .. whole(math.max(number(used), number(keyTime))) or ''))
  end
end
return { redis.call('LLEN', KEYS[1]), table.concat(lines, '\\n') }
`,
)

/** The state of shard 0 in Redis, and the number of waiting tickets. */
export async function snapshotOf(
  redis: Redis,
  { names, keys, classes }: Scope,
): Promise<{ waiting: number; state: string }> {
  const { tag, tickets } = shardKeys(0)
  const args = [tag, names.join(), `${keys.join()},`, classes.join()]
  const call = {
    script,
    keys: [tickets],
    args,
    parse: (reply: unknown) => reply as [number, string],
  }
  const [waiting, state] = await runScript(redis, call)
  return { waiting, state }
}
