import {
  limits,
  type Page,
  type PageRequest,
  type TaskQuery,
  type TaskSketch,
  type TaskView,
  ulidsFrom,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { readFewAtOnce } from './read-in-batches.ts'
import { shardKeys } from '../connection/keys.ts'
import { asView, readHead, readSketch } from './task-view.ts'
import type { Transfers } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'

/** How many ids are read together, and how many tasks one page may examine. */
const batch = limits.listScan.together
const patience = limits.listScan.tasks

type Search = PageRequest & { limit: number; shards: number }
type TaskPage = Page<TaskView> & { last?: string }

/**
 * A page of the tasks that match a query, newest first. They are found in the narrowest index; the other conditions are
 * checked on each task, of which no more is read than necessary. A page that takes too long or holds too much ends
 * early, and `last` states where.
 */
export async function listTasks(
  transfers: Transfers,
  query: TaskQuery,
  { limit = batch, ...page }: PageRequest & { shards: number },
): Promise<TaskPage> {
  const { after, before } = page
  // Without `after`, the page is the one that ends before `before`.
  const upwards = before !== undefined && after === undefined
  const found = await findTasks(transfers, query, { ...page, limit })
  const loaded = await loadTasks(transfers, query, found.ids.slice(0, limit))
  // Tasks that do not fit by size or by number begin the next page.
  const cut = loaded.last !== undefined || found.ids.length > limit
  const last = cut ? (loaded.last ?? found.ids[limit - 1]) : found.last
  const more = cut || found.more
  const items = upwards ? loaded.items.toReversed() : loaded.items
  return { items, more, ...(more && last !== undefined && { last }) }
}

/** The ids of matching tasks, at most one more than the page may have, and where the search ended. */
async function findTasks(
  transfers: Transfers,
  query: TaskQuery,
  { limit, after, before, shards }: Search,
): Promise<{ ids: string[]; more: boolean; last: string | undefined }> {
  const upwards = before !== undefined && after === undefined
  const bounds = { to: upwards ? undefined : before, upwards, shards }
  const ids: string[] = []
  let last = upwards ? before : after
  let scanned = 0
  let size = 0
  const isOver = () => ids.length > limit || scanned >= patience || size >= limits.listBytes
  for (;;) {
    const next = await nextIds(transfers.redis, query, { ...bounds, from: last })
    const sketches = readFewAtOnce(transfers, next, {
      owner: query,
      read: (on, id) => readSketch(on, id, query),
    })
    for await (const some of sketches) {
      for (const { id, item, size: read } of some) {
        if (item !== undefined && matches(item, query)) ids.push(id)
        size += read
        scanned += 1
        last = id
      }
      if (isOver()) break
    }
    if (next.length < batch && last === (next.at(-1) ?? last)) return { ids, more: false, last }
    if (isOver()) return { ids, more: true, last }
  }
}

/** Loads tasks until they fill a page. `last` is then the last one of the page. */
async function loadTasks(
  transfers: Transfers,
  query: TaskQuery,
  ids: string[],
): Promise<{ items: TaskView[]; last?: string }> {
  const items: TaskView[] = []
  let size = 0
  const heads = readFewAtOnce(transfers, ids, {
    owner: query,
    read: (on, id) => readHead(on, id, query),
  })
  for await (const some of heads) {
    for (const { id, item: head, size: read } of some) {
      size += read
      if (head !== undefined && matches(head, query)) {
        const whole = await asView(transfers, head)
        items.push(whole.view)
        size += whole.size
      }
      if (size >= limits.listBytes && id !== ids.at(-1)) return { items, last: id }
    }
  }
  return { items }
}

function matches(task: TaskSketch, { workspace, agentId, fits }: TaskQuery): boolean {
  if (task.workspace !== workspace) return false
  return (agentId === undefined || task.agentId === agentId) && fits(task)
}

type Bounds = { from: string | undefined; to: string | undefined; upwards: boolean; shards: number }

/** The greatest difference between the clocks of API processes and Redis, milliseconds. */
const clockSkew = 60_000

/** The next ids of all shards together. All scores are equal, so they are sorted by id. */
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

/** In the syntax of Redis for an exclusive bound. */
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

function indexOf(
  { workspace, agentId, agentDeleted, labels: [label] }: TaskQuery,
  shard: number,
): string {
  const keys = shardKeys(shard)
  if (label !== undefined) return keys.byLabel(workspace, label)
  const ofAll = agentId === undefined || agentDeleted === true
  return ofAll ? keys.tasksOf(workspace) : keys.byAgent(agentId)
}
