import { limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../../connection/keys.ts'
import { readPage } from '../../log/read-facts.ts'
import { guarded } from '../../connection/unavailable.ts'

/** Facts that the scripts record by themselves, or that come from outside: their bytes are not counted, or may not be. */
const uncounted = new Set(['attempt.started', 'parts.abandoned', 'cancel.requested', 'turn.failed'])

type Counted = {
  /** Between these the head's count must lie: what is counted twice, or not at all, cannot be told from the log. */
  least: number
  most: number
  /** What is nearest to the truth. */
  count: number
}

/** How many bytes a task has recorded, its log and the values beside it. */
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

  let [surely, all] = [0, 0]
  const named: string[] = []
  const surelyNamed = new Set<string>()
  for (let [from, more] = [0, true]; more;) {
    const page = await readPage(redis, taskId, { from, to: -1, capacity: limits.large })
    ;({ next: from, more } = page)
    for (const text of page.texts) {
      const { type, bytes, blobs } = read(text)
      all += bytes
      named.push(...blobs)
      if (uncounted.has(type)) continue
      surely += bytes
      for (const hash of blobs) surelyNamed.add(hash)
    }
  }
  const kept = sum(hashes)
  return {
    least: surely + sum(surelyNamed),
    // A value that stands in facts and results is kept once, and was counted each time.
    most: all + sum(named) + Math.max(turns, 1) * kept,
    count: all + kept,
  }
}

/** A fact as its writer sent it, without what the log has put before it. */
function read(text: string): { type: string; bytes: number; blobs: string[] } {
  const [before = '{'] = /^\{"v":\d+,"pos":\d+,"at":\d+,/.exec(text) ?? []
  const fact = JSON.parse(text) as { type?: string; blobs?: Record<string, { sha256: string }> }
  return {
    type: fact.type ?? '',
    bytes: Buffer.byteLength(text) - before.length + 1,
    blobs: Object.values(fact.blobs ?? {}).map(({ sha256 }) => sha256),
  }
}
