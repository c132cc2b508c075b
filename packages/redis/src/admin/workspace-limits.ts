import {
  LimitsObject,
  limitsObjectOf,
  limitsOf,
  limitsPerShard,
  type LimitsRevision,
  type Tickets,
  type WorkspaceLimits,
  type WorkspaceUse,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { runScript } from '../lua/run-script.ts'
import { countWorkspaceScript } from '../lua/scheduler/count-workspace.ts'
import { setLimitsScript } from '../lua/scheduler/set-limits.ts'
import { keyHash } from '../queue/key-hash.ts'
import { offerTicket } from '../queue/tickets.ts'

/** How many lanes of a workspace are examined for the oldest turn. */
const lanesExamined = 200

type Place = { shard: number; workspace: string }
type Context = {
  redis: Redis
  shards: number
  clockTime: () => number | ''
  tickets: Tickets | undefined
}

/** Replaces the limits of a workspace in a shard, as JSON and in the form that scripts read. */
export async function setLimits(
  { redis, shards, clockTime, tickets }: Context,
  { shard, workspace }: Place,
  { limits, version }: { limits: WorkspaceLimits; version: LimitsRevision | undefined },
): Promise<boolean> {
  const own = limitsPerShard({ ...limits, spread: Math.min(limits.spread ?? 1, shards) })
  const call = setLimitsScript.call(shardKeys(shard), {
    clockTime: clockTime(),
    workspace,
    seen: version?.seen,
    revision: version?.revision,
    fields: [
      { name: 'limits', value: JSON.stringify(limitsObjectOf(limits)) },
      { name: 'limit:running', value: own.running ?? '' },
      { name: 'limit:running_per_fairness_key', value: own.runningPerFairnessKey ?? '' },
      { name: 'limit:weight', value: own.weight ?? '' },
      { name: 'limit:paused', value: own.paused === undefined ? '' : Number(own.paused) },
      { name: 'limit:spread', value: limits.spread === undefined ? '' : (own.spread ?? '') },
      { name: 'limit:requests_per_second', value: own.requestsPerSecond ?? '' },
      { name: 'limit:burst', value: own.burst ?? '' },
      { name: 'limit:queued', value: own.queued ?? '' },
      { name: 'limit:tasks', value: own.tasks ?? '' },
      { name: 'limit:bytes', value: own.bytes ?? '' },
    ],
    keys: Object.entries(own.fairnessKeys ?? {}).map(([text, { running, weight }]) => ({
      key: keyHash(text),
      value: `${running ?? '-'} ${weight ?? '-'}`,
    })),
  })
  const { isSet, wantsTicket } = await runScript(redis, call)
  offerTicket(tickets, shard, { wantsTicket })
  return isSet
}

/** Reads what `setLimits` has stored; undefined where nothing was ever stored. */
export async function readLimits(
  { redis }: Context,
  { shard, workspace }: Place,
): Promise<{ overrides: WorkspaceLimits; revision: number } | undefined> {
  const key = shardKeys(shard).workspaceState(workspace)
  const [text, revision] = await guarded(() => redis.hmget(key, 'limits', 'revision'))
  if (text == null || revision == null) return undefined
  // A newer version may have stored limits that this one does not know.
  const object = LimitsObject.parse(JSON.parse(text))
  return { overrides: limitsOf(object), revision: Number(revision) }
}

/** Reads what a workspace uses in a shard. */
export async function readUse(
  { redis, clockTime }: Context,
  { shard, workspace }: Place,
): Promise<WorkspaceUse> {
  const values = { clockTime: clockTime(), workspace, lanesExamined }
  const stateKey = shardKeys(shard).workspaceState(workspace)
  return await runScript(redis, countWorkspaceScript.call({ stateKey }, values))
}
