import { type Finding, isUlid } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { taskKeys } from '../../connection/keys.ts'
import { checkTaskScript } from '../../lua/admin/check-task.ts'
import { runScript } from '../../lua/run-script.ts'
import { guarded } from '../../connection/unavailable.ts'
import { checkJob, takeLease } from './check-job.ts'
import { findingOf } from './findings.ts'
import { type Identity, indexesOf } from './identity.ts'

/** What led to a task: the members of sets, or the index that has it. */
export type IndexEntry = {
  taskId: string
  outbox?: string
  lease?: string
  deadline?: string
  index?: string
}

type Options = {
  repair: boolean
  now: number | ''
  turnDeadlineMs: number
  /** Of a task that is not gone. */
  identity: Identity | undefined
}

/** Whether a task is in the sets and indexes that it should be in, and has the right number. */
export async function checkTask(
  redis: Redis,
  lead: IndexEntry,
  options: Options,
): Promise<Finding[]> {
  const { taskId, outbox = '', lease = '', deadline = '', index } = lead
  const { repair, now, turnDeadlineMs, identity } = options
  if (!isUlid(taskId)) return []
  const keys = taskKeys(taskId)
  // Of a task that is gone the index is looked at that led to it.
  const indexes =
    identity === undefined ? [index ?? []].flat() : await indexesOf(redis, taskId, identity)
  const call = checkTaskScript.call(keys, {
    clockTime: now,
    taskId,
    repair,
    foundOutbox: outbox,
    foundLease: lease,
    foundDeadline: deadline,
    deadlineMs: turnDeadlineMs,
    indexes,
  })
  const faults = await runScript(redis, call)
  // What was put where it should be goes on like any other from there.
  if (repair && faults.some((fault) => fault.endsWith('-missing'))) {
    const job = await guarded(() => redis.hget(keys.head, 'job'))
    if (faults.includes('lease-missing')) await takeLease(redis, job ?? '', options)
    if (faults.includes('outbox-missing')) await checkJob(redis, job ?? '', options)
  }
  return [...new Set(faults)].map((fault) => findingOf(fault, taskId))
}
