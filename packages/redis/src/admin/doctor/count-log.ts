import { limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../../connection/keys.ts'
import { readPage } from '../../log/read-facts.ts'
import { guarded } from '../../connection/unavailable.ts'

/** Facts that scripts record themselves, or that come from outside. The head may or may not count their bytes. */
const uncounted = new Set(['attempt.started', 'parts.abandoned', 'cancel.requested', 'turn.failed'])

type Counted = {
  /** The bounds of a correct count in the head. The log does not show which values were counted twice or not at all. */
  least: number
  most: number
  /** The best estimate. */
  count: number
}

/** Counts the bytes that a task has recorded, in its log and in its blobs. */
export async function countLog(
  redis: Redis,
  taskId: string,
  { hashes, turns }: { hashes: string[]; turns: number },
): Promise<Counted> {
  const { blob } = taskKeys(taskId)
  const lengths = await guarded(() => Promise.all(hashes.map((hash) => redis.strlen(blob(hash)))))
  const sizes = new Map(hashes.map((hash, at) => [hash, lengths[at] ?? 0]))
  const sum = (of: Iterable<string>) =>
    [...of].reduce((all, hash) => all + (sizes.get(hash) ?? 0), 0)

  let [certain, all] = [0, 0]
  const named: string[] = []
  const certainHashes = new Set<string>()
  for (let [from, more] = [0, true]; more;) {
    const page = await readPage(redis, taskId, { from, to: -1, capacity: limits.large })
    ;({ next: from, more } = page)
    for (const text of page.texts) {
      const { type, bytes, blobs } = read(text)
      all += bytes
      named.push(...blobs)
      if (uncounted.has(type)) continue
      certain += bytes
      for (const hash of blobs) certainHashes.add(hash)
    }
  }
  const stored = sum(hashes)
  return {
    least: certain + sum(certainHashes),
    // A value that occurs in facts and results is stored once, but was counted each time.
    most: all + sum(named) + Math.max(turns, 1) * stored,
    count: all + stored,
  }
}

/** A fact as its writer sent it, without the fields that the log has added. */
function read(text: string): { type: string; bytes: number; blobs: string[] } {
  const [before = '{'] = /^\{"v":\d+,"pos":\d+,"at":\d+,/.exec(text) ?? []
  const fact = JSON.parse(text) as { type?: string; blobs?: Record<string, { sha256: string }> }
  return {
    type: fact.type ?? '',
    bytes: Buffer.byteLength(text) - before.length + 1,
    blobs: Object.values(fact.blobs ?? {}).map(({ sha256 }) => sha256),
  }
}
