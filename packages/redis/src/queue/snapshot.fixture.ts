import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { asSource } from '../lua/define-script.ts'
import { runScript } from '../lua/run-script.ts'
import { order, type Snapshot } from './scheduler-model.fixture.ts'

/** Reads the whole state of shard 0 in one command. */
const script = asSource(
  'snapshot',
  `
local tag, names, keys = ARGV[1], cjson.decode(ARGV[2]), cjson.decode(ARGV[3])
local function set(name) return redis.call('ZRANGE', tag .. ':' .. name, 0, -1, 'WITHSCORES') end
local found = {}
for at, name in ipairs(names) do
  local lanes = {}
  local state = tag .. ':workspace:' .. name
  for place, key in ipairs(keys) do
    lanes[place] = { set('backlog:' .. name .. ':' .. key), redis.call('HGET', state, 'k:' .. key) }
  end
  found[at] = { redis.call('SMEMBERS', tag .. ':running:' .. name), redis.call('HMGET', state, 'queued', 'time', 'key-time'),
    set('keys:' .. name), lanes }
end
return { set('ring'), set('returned'), set('leases'), set('deadlines'), redis.call('HGET', tag .. ':scheduler', 'time'),
  redis.call('LLEN', KEYS[1]), found }
`,
)

type Found = [
  running: string[],
  state: (string | null)[],
  keys: string[],
  lanes: [turns: string[], counts: string | null][],
]
type Reply = [
  ring: string[],
  returned: string[],
  leases: string[],
  deadlines: string[],
  time: string | null,
  waiting: number,
  workspaces: Found[],
]

/** The state of shard 0 in Redis, and the number of waiting tickets. */
export async function snapshot(
  redis: Redis,
  { names, keys }: { names: readonly string[]; keys: readonly string[] },
): Promise<Snapshot & { waiting: number }> {
  const { tag, tickets } = shardKeys(0)
  const args = [tag, JSON.stringify(names), JSON.stringify(keys)]
  const call = { script, keys: [tickets], args, parse: (reply: unknown) => reply as Reply }
  const [ring, returned, leases, deadlines, storedTime, waiting, found] = await runScript(
    redis,
    call,
  )
  const time = Number(storedTime ?? 0)
  return {
    ring: scored(ring),
    returned: scored(returned),
    leases: scored(leases),
    deadlines: scored(deadlines),
    time,
    workspaces: found.map(([running, [queued, own, keyTime], keyRing, lanes]) => ({
      running: running.toSorted(order),
      queued: Number(queued ?? 0),
      time: Math.max(Number(own ?? 0), time),
      keyTime: Number(keyTime ?? 0),
      keys: scored(keyRing),
      lanes: lanes.map(([turns, counts]) => {
        const [runs = 0, used = 0] = (counts ?? '0 0').split(' ').map(Number)
        return { turns: scored(turns), running: runs, time: Math.max(used, Number(keyTime ?? 0)) }
      }),
    })),
    waiting,
  }
}

/** The members of a set with their scores, as the model writes them. */
function scored(members: string[]): string[] {
  const lines: string[] = []
  for (let at = 0; at < members.length; at += 2)
    lines.push(`${members[at]} ${Number(members[at + 1])}`)
  return lines
}
