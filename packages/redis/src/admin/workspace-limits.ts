import {
  LimitsObject,
  limitsObjectOf,
  limitsOf,
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

/** The limits of a workspace that scripts read. Those of a workspace that is spread are divided when they are read. */
const fieldsOfScripts = [
  'running',
  'running_per_fairness_key',
  'weight',
  'paused',
  'spread',
  'requests_per_second',
  'burst',
  'queued',
  'tasks',
  'bytes',
] as const

/** How many lanes of a workspace are examined for the oldest turn. */
const lanesExamined = 200

type Place = { shard: number; workspace: string }
type Context = {
  redis: Redis
  clockTime: () => number | ''
  tickets: Tickets | undefined
}

/** Replaces the limits of a workspace in a shard, as JSON and as fields, which scripts read. */
export async function setLimits(
  { redis, clockTime, tickets }: Context,
  { shard, workspace }: Place,
  { limits, revision }: { limits: WorkspaceLimits; revision: number | undefined },
): Promise<boolean> {
  const object = limitsObjectOf(limits)
  const call = setLimitsScript.call(shardKeys(shard), {
    clockTime: clockTime(),
    workspace,
    revision,
    fields: [
      { name: 'limits', value: JSON.stringify(object) },
      ...fieldsOfScripts.map((name) => ({
        name: `limit:${name}`,
        value: String(object[name] ?? ''),
      })),
      { name: 'limit:models', value: object.models ? JSON.stringify(object.models) : '' },
    ],
    keys: Object.entries(limits.fairnessKeys ?? {}).map(([text, { running, weight }]) => ({
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
