import type { RequestNotes, Result, Status, TaskView } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { unpack, whatIsLeft } from './blobs.ts'
import { taskKeys } from './keys.ts'
import { guarded } from './unavailable.ts'

const fields = [
  'ws',
  'agent',
  'status',
  'turn',
  'started',
  'notes',
  'result',
  'hidden',
  'keep',
] as const

/** A task as its head tells of it: one read, but for a result that is large. */
export async function readView(redis: Redis, taskId: string): Promise<TaskView | undefined> {
  const [workspace, agentId, status, turn, started, notes, result, hidden, keep] = await guarded(
    () => redis.hmget(taskKeys(taskId).head, ...fields),
  )
  if (workspace == null || agentId == null || status == null || started == null) return undefined
  const view: TaskView = {
    taskId,
    workspace,
    agentId,
    status: status as Status,
    turn: Number(turn),
    started: JSON.parse(started) as TaskView['started'],
    keptMs: Number(keep),
    ...(hidden != null && { hidden: hiddenTurns(hidden) }),
    notes: notes == null || notes === '' ? {} : (JSON.parse(notes) as RequestNotes),
  }
  if (result == null) return view
  const [whole] = await unpack<Result>([result], loadBlobs(redis, taskId), whatIsLeft)
  return whole === undefined ? view : { ...view, result: whole }
}

/** Turns whose responses were deleted, as the head keeps them. */
export function hiddenTurns(text: string): number[] {
  return text.trim().split(' ').map(Number)
}

/** Reads a task's large values by their hashes. */
export function loadBlobs(redis: Redis, taskId: string) {
  const keys = taskKeys(taskId)
  return (hashes: string[]) => guarded(() => redis.mget(hashes.map(keys.blob)))
}
