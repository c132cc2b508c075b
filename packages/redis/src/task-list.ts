import {
  limits,
  type Page,
  type PageRequest,
  type TaskQuery,
  type TaskView,
  ulidsFrom,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from './keys.ts'
import { readView } from './task-view.ts'
import { guarded } from './unavailable.ts'

/** How many tasks are read together, and how many one page may have to look at. */
const batch = limits.listScan.together
const patience = limits.listScan.tasks

/**
 * A page of the tasks that a query wants, newest first. The narrowest index leads to them, and what it
 * does not know is seen in each task; a page that would take too long ends early, and says where.
 */
export async function listTasks(
  redis: Redis,
  query: TaskQuery,
  { limit = batch, after, before, shards }: PageRequest & { shards: number },
): Promise<Page<TaskView> & { last?: string }> {
  // Without a place to begin at, the page is the one that ends before `before`.
  const upwards = before !== undefined && after === undefined
  const bounds = { from: upwards ? before : after, to: upwards ? undefined : before, upwards }
  const items: TaskView[] = []
  let more = true
  let last = bounds.from
  for (let looked = 0; more && looked < patience && items.length <= limit; looked += batch) {
    const ids = await nextIds(redis, query, { ...bounds, from: last, shards })
    const views = await Promise.all(ids.map((id) => readView(redis, id)))
    items.push(
      ...views.filter((view) => view !== undefined).filter((view) => isWanted(view, query)),
    )
    more = ids.length === batch
    last = ids.at(-1) ?? last
  }
  if (items.length > limit) {
    items.length = limit
    last = items.at(-1)?.taskId
    more = true
  }
  if (upwards) items.reverse()
  return { items, more, ...(more && last !== undefined && { last }) }
}

function isWanted(view: TaskView, { workspace, agentId, fits }: TaskQuery): boolean {
  if (view.workspace !== workspace) return false
  return (agentId === undefined || view.agentId === agentId) && fits(view)
}

type Bounds = { from: string | undefined; to: string | undefined; upwards: boolean; shards: number }

/** By how much the clocks of API processes may differ from Redis's, milliseconds. */
const clockSkew = 60_000

/** The next ids of all shards together. All scores are equal, so the order is that of the ids. */
async function nextIds(redis: Redis, query: TaskQuery, bounds: Bounds): Promise<string[]> {
  const { from, to, upwards, shards } = bounds
  const { began = {} } = query
  const oldest = began.from === undefined ? undefined : ulidsFrom(began.from - clockSkew)
  const newest = began.to === undefined ? undefined : ulidsFrom(began.to + clockSkew)
  const [above, below] = upwards ? [from, to] : [to, from]
  const lower = latest([above, oldest]) ?? '-'
  const upper = earliest([below, newest]) ?? '+'
  const [begin, end] = upwards ? [lower, upper] : [upper, lower]
  const lists = await guarded(() =>
    Promise.all(
      Array.from({ length: shards }, (_, shard) => {
        const key = indexOf(query, shard)
        return upwards
          ? redis.zrangebylex(key, begin, end, 'LIMIT', 0, batch)
          : redis.zrevrangebylex(key, begin, end, 'LIMIT', 0, batch)
      }),
    ),
  )
  const ids = lists.flat().toSorted()
  return (upwards ? ids : ids.toReversed()).slice(0, batch)
}

/** As Redis wants an end of a range that is not in it. */
function latest(ids: (string | undefined)[]): string | undefined {
  const id = ids
    .filter((each) => each !== undefined)
    .toSorted()
    .at(-1)
  return id === undefined ? undefined : `(${id}`
}

function earliest(ids: (string | undefined)[]): string | undefined {
  const id = ids
    .filter((each) => each !== undefined)
    .toSorted()
    .at(0)
  return id === undefined ? undefined : `(${id}`
}

function indexOf({ workspace, agentId, labels: [label] }: TaskQuery, shard: number): string {
  const keys = shardKeys(shard)
  if (label !== undefined) return keys.byLabel(workspace, label)
  return agentId === undefined ? keys.tasksOf(workspace) : keys.byAgent(agentId)
}
