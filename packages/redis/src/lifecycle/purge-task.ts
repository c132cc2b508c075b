import { limits } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../connection/keys.ts'
import { loadScript, runScript } from '../connection/script.ts'
import { guarded } from '../connection/unavailable.ts'

const script = loadScript('task/purge')

export type Forgotten = 'forgotten' | 'live' | 'not_found' | 'moved'

/** Deletes a task with all that its head lists; `moved` when the head changed between the two, or when it is not due. */
export async function forgetTask(
  redis: Redis,
  taskId: string,
  { now, whenDue }: { now: number | ''; whenDue: boolean },
): Promise<Forgotten> {
  const { head, log, deltas, blob, shard } = taskKeys(taskId)
  // In this order: labels that come between the two come with another pos, which the script compares.
  const [[workspace, agentId, pos, blobs], fields] = await guarded(() =>
    Promise.all([redis.hmget(head, 'ws', 'agent', 'pos', 'blobs'), redis.hkeys(head)]),
  )
  const indexes = [
    shard.tasksOf(workspace ?? ''),
    shard.byAgent(agentId ?? ''),
    shard.failed,
    ...fields.filter((field) => field.startsWith('l:')).map((field) => field.slice(2)),
  ]
  const kept = blobs?.split(' ').filter((hash) => hash !== '') ?? []
  return (await runScript(
    redis,
    script,
    [
      head,
      log,
      deltas,
      shard.forget,
      shard.wake,
      shard.reviews,
      shard.notes,
      ...indexes,
      ...kept.map(blob),
    ],
    [now, taskId, whenDue ? '1' : '', pos ?? '', indexes.length, limits.tombstone],
  )) as Forgotten
}
