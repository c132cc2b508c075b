import type { Status, TaskStore, TaskView, Waiting } from '@longhaul/core'
import { silentAfter } from '../lib/silent-after.ts'

export type WaitingPorts = {
  store: Pick<TaskStore, 'waiting'>
  /** How long a lock lasts without renewal, milliseconds. */
  lockMs: number
}

/** Why a turn, or the latest turn of a task, waits; undefined when it runs or has ended. */
export async function readWaiting(
  turn: { taskId: string; turn?: number },
  { store, lockMs }: WaitingPorts,
): Promise<Waiting | undefined> {
  const found = await store.waiting([turn], { silentMs: silentAfter(lockMs) })
  return found.get(turn.taskId)
}

/** Adds to each task of a list why its turn waits, without the tasks that hold it up. */
export async function withWaiting(
  views: TaskView[],
  { store, lockMs }: WaitingPorts,
): Promise<TaskView[]> {
  const waits = views.filter(({ status }) => mayWait(status))
  if (waits.length === 0) return views
  const found = await store.waiting(waits, { silentMs: silentAfter(lockMs), isBrief: true })
  return views.map((view) => {
    const waiting = found.get(view.taskId)
    return waiting === undefined ? view : { ...view, waiting }
  })
}

export function mayWait(status: Status): boolean {
  return status === 'queued' || status === 'parked'
}
