import { limits, type TaskView } from '@longhaul/core'

/** How many bytes the first fact of a turn has at most: what was recorded of its request. */
export function bytesOfFirst(task: TaskView | undefined): number {
  return Math.min(task?.bytes ?? 0, limits.submission)
}
