import { type Finding, isUlid } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../../connection/keys.ts'
import { checkTaskScript } from '../../lua/admin/check-task.ts'
import { runScript } from '../../lua/run-script.ts'
import { guarded } from '../../connection/unavailable.ts'
import { findingOf } from './findings.ts'
import { takeLease } from './take-lease.ts'
import { type Identity, indexesOf } from './identity.ts'

/** The entry by which a task was found: the members of sets, or the index that lists it. */
export type IndexEntry = {
  taskId: string
  /** A member of a backlog, and the key of that backlog. */
  queued?: { job: string; set: string }
  lease?: string
  deadline?: string
  index?: string
}

type Options = {
  repair: boolean
  now: number | ''
  turnDeadlineMs: number
  /** Present when the task exists. */
  identity: Identity | undefined
}

/** Checks that a task is in the right sets and indexes, and that its counter is right. */
export async function checkTask(
  redis: Redis,
  lead: IndexEntry,
  options: Options,
): Promise<Finding[]> {
  const { taskId, queued, lease = '', deadline = '', index } = lead
  const { repair, now, turnDeadlineMs, identity } = options
  if (!isUlid(taskId)) return []
  const keys = taskKeys(taskId)
  // Of a task that no longer exists, only the index that listed it is checked.
  const indexes =
    identity === undefined ? [index ?? []].flat() : await indexesOf(redis, taskId, identity)
  const foundIn = queued?.set ?? keys.returned
  const call = checkTaskScript.call(
    { ...keys, foundIn },
    {
      clockTime: now,
      taskId,
      repair,
      foundQueued: queued?.job ?? '',
      foundLease: lease,
      foundDeadline: deadline,
      deadlineMs: turnDeadlineMs,
      indexes,
    },
  )
  const faults = await runScript(redis, call)
  // A repaired turn continues like any other turn.
  if (repair && faults.includes('lease-missing')) {
    const job = await guarded(() => redis.hget(keys.head, 'job'))
    await takeLease(redis, job ?? '', now)
  }
  return [...new Set(faults)].map((fault) => findingOf(fault, taskId))
}
