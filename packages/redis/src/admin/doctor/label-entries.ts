import type { Redis } from 'ioredis'
import { taskKeys } from '../../connection/keys.ts'
import { guarded } from '../../connection/unavailable.ts'
import type { IndexEntry } from './check-task.ts'

/** How many neighbours are examined on each side. */
const maxNeighbours = 20

/**
 * Finds index entries of tasks that no longer exist. No key lists all labels, so these are found from existing tasks:
 * in the indexes of a task's labels, its neighbours on both sides are examined up to the next task that exists.
 */
export async function labelEntries(
  redis: Redis,
  taskId: string,
  labels: string[],
): Promise<IndexEntry[]> {
  const indexEntries: IndexEntry[] = []
  for (const index of labels) {
    for (const upwards of [true, false]) {
      let from = taskId
      for (let left = maxNeighbours; left > 0; left -= 1) {
        const [next] = await neighbours(index, from, upwards)
        if (next === undefined || (await exists(next))) break
        indexEntries.push({ taskId: next, index })
        from = next
      }
    }
  }
  return indexEntries

  function neighbours(index: string, from: string, upwards: boolean): Promise<string[]> {
    return guarded(() =>
      upwards
        ? redis.zrangebylex(index, `(${from}`, '+', 'LIMIT', 0, 1)
        : redis.zrevrangebylex(index, `(${from}`, '-', 'LIMIT', 0, 1),
    )
  }

  async function exists(id: string): Promise<boolean> {
    const status = await guarded(() => redis.hget(taskKeys(id).head, 'status'))
    return status !== null && status !== 'forgotten'
  }
}
