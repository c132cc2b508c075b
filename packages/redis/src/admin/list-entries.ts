import {
  type EntryPage,
  type EntryCursor,
  type EntryQuery,
  hasEnded,
  limits,
  type TaskEntry,
} from '@longhaul/core'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { readEntry } from './read-entry.ts'
import { scored } from './member-scores.ts'
import { guarded } from '../connection/unavailable.ts'

/** How many tasks are read together, and how many one page may examine. */
const batch = limits.listScan.together
const patience = limits.listScan.tasks

type Options = {
  limit: number
  after?: EntryCursor | undefined
  shards: number
  now: number
}

/**
 * A page of the tasks that match a query, oldest first. They are found in the set that lists all tasks of the status;
 * the other conditions are checked on each task. A page whose search takes too long ends early.
 */
export async function listEntries(
  redis: Redis,
  query: EntryQuery,
  { limit, after, shards, now }: Options,
): Promise<EntryPage> {
  const items: EntryPage['items'] = []
  const before = query.olderThanMs === undefined ? Infinity : now - query.olderThanMs
  let next = after
  for (let scanned = 0; scanned < patience; scanned += batch) {
    const cursors = await nextCursors(redis, { query, after: next, shards, before })
    for (const [at, entry] of (await readAll(redis, cursors)).entries()) {
      const fits = entry !== undefined && matches(entry, query, before)
      // One more task matches, so the page has a next page.
      if (fits && items.length === limit) return next === undefined ? { items } : { items, next }
      next = cursors[at]
      if (fits) items.push(entry)
    }
    if (cursors.length < batch) return { items }
  }
  return next === undefined ? { items } : { items, next }
}

/** How many heads are read together. Each may contain a result. */
const atOnce = 20

async function readAll(redis: Redis, cursors: EntryCursor[]): Promise<(TaskEntry | undefined)[]> {
  const entries: (TaskEntry | undefined)[] = []
  for (let from = 0; from < cursors.length; from += atOnce) {
    const some = cursors.slice(from, from + atOnce)
    entries.push(...(await Promise.all(some.map((place) => readEntry(redis, place)))))
  }
  return entries
}

function matches(
  { workspace, status, failure, submittedAt, endedAt }: EntryPage['items'][number],
  query: EntryQuery,
  before: number,
): boolean {
  if (status !== query.status) return false
  if (query.workspace !== undefined && workspace !== query.workspace) return false
  if (query.error !== undefined && failure?.code !== query.error) return false
  return (endedAt ?? submittedAt) <= before
}

type Where = {
  query: EntryQuery
  after: EntryCursor | undefined
  shards: number
  before: number
}

/** The next cursors of all shards together, by score and then by member, as in each set. */
async function nextCursors(redis: Redis, where: Where): Promise<EntryCursor[]> {
  const lists = await Promise.all(
    Array.from({ length: where.shards }, (_, shard) => cursorsOf(redis, shard, where)),
  )
  return lists.flat().toSorted(inOrder).slice(0, batch)
}

async function cursorsOf(
  redis: Redis,
  shard: number,
  { query, after, before }: Where,
): Promise<EntryCursor[]> {
  const { key, till } = setOf(query, shard, before)
  const found: EntryCursor[] = []
  for (let skip = 0; found.length < batch; skip += batch) {
    const flat = await guarded(() =>
      redis.zrangebyscore(key, after?.score ?? '-inf', till, 'WITHSCORES', 'LIMIT', skip, batch),
    )
    const cursors = scored(flat)
    found.push(...cursors.filter((place) => after === undefined || inOrder(after, place) < 0))
    if (cursors.length < batch) break
  }
  return found.slice(0, batch)
}

/** The set that lists every task of a status, and the score up to which it is searched. */
function setOf({ status }: EntryQuery, shard: number, before: number) {
  const { deadlines, failed, purges } = shardKeys(shard)
  if (!hasEnded(status)) return { key: deadlines, till: '+inf' }
  if (status !== 'failed') return { key: purges, till: '+inf' }
  return { key: failed, till: before === Infinity ? '+inf' : before }
}

function inOrder(a: EntryCursor, b: EntryCursor): number {
  if (a.score !== b.score) return a.score - b.score
  return a.member < b.member ? -1 : a.member > b.member ? 1 : 0
}
