import { limits, type TaskView } from '@longhaul/core'

/** The largest possible size of a turn's first fact, which holds the request, in bytes. */
export function bytesOfFirst(task: TaskView | undefined): number {
  return Math.min(task?.bytes ?? 0, limits.submission)
}
