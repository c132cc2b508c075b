import type { Redis } from 'ioredis'
import { hash } from 'node:crypto'

/** A task in one server: the number of its latest entry, and its facts as they are stored. */
export type StoredTask = { pos: number; facts: string[] }

/** How far a server has a task: the number of its latest entry, and the number of its facts. */
export type Progress = { pos: number; facts: number }

/** Reads all tasks of a server, by their ids. */
export async function readTasks(redis: Redis): Promise<Map<string, StoredTask>> {
  const found = await inBatches(await headsIn(redis), async ({ head, taskId }) => {
    const log = redis.lrange(`${head}:log`, 0, -1)
    const [pos, facts] = await Promise.all([redis.hget(head, 'pos'), log])
    return [taskId, { pos: Number(pos ?? 0), facts }] as const
  })
  return new Map(found)
}

/** Reads how far a server has each task. */
export async function readProgress(redis: Redis): Promise<Map<string, Progress>> {
  const heads = await headsIn(redis)
  const found = heads.map(async ({ head, taskId }) => {
    const [pos, facts] = await Promise.all([redis.hget(head, 'pos'), redis.llen(`${head}:log`)])
    return [taskId, { pos: Number(pos ?? 0), facts }] as const
  })
  return new Map(await Promise.all(found))
}

/** The hashes of the idempotency keys that a server has bound. */
export async function readRequests(redis: Redis): Promise<Set<string>> {
  const keys = await redis.keys('{lh:w:*}:idem:*')
  return new Set(keys.map((key) => key.slice(key.lastIndexOf(':') + 1)))
}

/** A text that is equal only for equal lists. */
export function digestOf(facts: string[]): string {
  return hash('sha256', facts.join('\n'))
}

export async function headsIn(redis: Redis): Promise<{ head: string; taskId: string }[]> {
  const keys = await redis.keys('{lh:s*}:task:*')
  return keys.flatMap((head) => {
    const taskId = /:task:([0-9A-Z]{26})$/.exec(head)?.[1]
    return taskId === undefined ? [] : { head, taskId }
  })
}

/** Reads items some at a time: one by one would take long, and all at once would delay other commands. */
export async function inBatches<T, R>(
  items: T[],
  readItem: (item: T) => Promise<R>,
  size = 50,
): Promise<R[]> {
  const found: R[] = []
  for (let at = 0; at < items.length; at += size) {
    found.push(...(await Promise.all(items.slice(at, at + size).map(readItem))))
  }
  return found
}
