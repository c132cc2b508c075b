import { limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { runScript } from '../lua/run-script.ts'
import { purgeScript } from '../lua/task/purge.ts'

export type Purged = 'forgotten' | 'live' | 'not_found' | 'moved'

/**
 * Deletes a task with everything that its head lists. Returns `moved` when the head has changed since it was read, or
 * when the task is not due.
 */
export async function purgeTask(
  redis: Redis,
  taskId: string,
  { clockTime, onlyWhenDue }: { clockTime: number | ''; onlyWhenDue: boolean },
): Promise<Purged> {
  const keys = taskKeys(taskId)
  // The order matters: labels that are added between the two reads change `pos`, which the script compares.
  const [[workspace, agentId, pos, blobs], fields] = await guarded(() =>
    Promise.all([redis.hmget(keys.head, 'ws', 'agent', 'pos', 'blobs'), redis.hkeys(keys.head)]),
  )
  const hashes = blobs?.split(' ').filter((hash) => hash !== '') ?? []
  const call = purgeScript.call(keys, {
    clockTime,
    taskId,
    onlyWhenDue,
    seenPos: pos ?? '',
    tombstoneMs: limits.tombstone,
    indexes: [
      keys.tasksOf(workspace ?? ''),
      keys.byAgent(agentId ?? ''),
      keys.failed,
      ...fields.filter((field) => field.startsWith('l:')).map((field) => field.slice(2)),
    ],
    blobs: hashes.map(keys.blob),
  })
  return await runScript(redis, call)
}
