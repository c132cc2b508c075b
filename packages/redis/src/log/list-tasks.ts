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

/** How many ids are read together, and how many tasks one page may have to look at. */
const batch = limits.listScan.together
const patience = limits.listScan.tasks

type ExpectedStep = PageRequest & { limit: number; shards: number }
type TaskPage = Page<TaskView> & { last?: string }

/**
 * A page of the tasks that a query wants, newest first. The narrowest index leads to them, and what it does not know
 * is seen in each task, of which no more is read than that. A page that would take too long or hold too much ends
 * early, and says where.
 */
export async function listTasks(
  transfers: Transfers,
  query: TaskQuery,
  { limit = batch, ...page }: PageRequest & { shards: number },
): Promise<TaskPage> {
  const { after, before } = page
  // Without a place to begin at, the page is the one that ends before `before`.
  const upwards = before !== undefined && after === undefined
  const found = await findTasks(transfers, query, { ...page, limit })
  const shown = await loadTasks(transfers, query, found.ids.slice(0, limit))
  // What was cut off, by its size or its number, begins the next page.
  const cut = shown.last !== undefined || found.ids.length > limit
  const last = cut ? (shown.last ?? found.ids[limit - 1]) : found.last
  const more = cut || found.more
  const items = upwards ? shown.items.toReversed() : shown.items
  return { items, more, ...(more && last !== undefined && { last }) }
}

/** The ids of tasks that fit, one more than the page has room for; and where the search has ended. */
async function findTasks(
  transfers: Transfers,
  query: TaskQuery,
  { limit, after, before, shards }: ExpectedStep,
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
      read: (on, id) => readSketch(on, id, { notes: query.byMetadata }),
    })
    for await (const some of sketches) {
      for (const { id, item, size: read } of some) {
        if (item !== undefined && isWanted(item, query)) ids.push(id)
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

/** Tasks as they are shown, until they hold as much as a page may: then `last` is the last one that is shown. */
async function loadTasks(
  transfers: Transfers,
  query: TaskQuery,
  ids: string[],
): Promise<{ items: TaskView[]; last?: string }> {
  const items: TaskView[] = []
  let size = 0
  const heads = readFewAtOnce(transfers, ids, { owner: query, read: readHead })
  for await (const some of heads) {
    for (const { id, item: head, size: read } of some) {
      size += read
      if (head !== undefined && isWanted(head, query)) {
        const whole = await asView(transfers, head)
        items.push(whole.view)
        size += whole.size
      }
      if (size >= limits.listBytes && id !== ids.at(-1)) return { items, last: id }
    }
  }
  return { items }
}

function isWanted(task: TaskSketch, { workspace, agentId, fits }: TaskQuery): boolean {
  if (task.workspace !== workspace) return false
  return (agentId === undefined || task.agentId === agentId) && fits(task)
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

function indexOf(
  { workspace, agentId, agentDeleted, labels: [label] }: TaskQuery,
  shard: number,
): string {
  const keys = shardKeys(shard)
  if (label !== undefined) return keys.byLabel(workspace, label)
  const ofAll = agentId === undefined || agentDeleted === true
  return ofAll ? keys.tasksOf(workspace) : keys.byAgent(agentId)
}
