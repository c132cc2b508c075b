import { limits, LonghaulError, type ScheduleStore } from '@longhaul/core'
import type { Pass } from './run-chores.ts'

export type SchedulesDeps = {
  schedules: Pick<ScheduleStore, 'takeDue' | 'removeOfAgent'>
  shards: number
  /** Does what is due for a schedule. */
  serveSchedule: (id: string) => Promise<void>
  /** Measures the load for which submits wait. Called before schedules are served. */
  sampleLoad: () => Promise<void>
}

const { batch, atOnce, taken } = limits.schedules

/**
 * Serves the schedules that are due, in every shard. One that fails does not stop the others: it is due again soon.
 * Resolves with the milliseconds until the next one is due.
 */
export function serveSchedules(deps: SchedulesDeps) {
  return async ({ signal, failed }: Pass): Promise<number> => {
    let soonestMs = Infinity
    for (let shard = 0; shard < deps.shards; shard += 1) {
      const { ids, nextMs = Infinity } = await deps.schedules.takeDue(shard, {
        takenMs: taken,
        limit: batch,
      })
      soonestMs = Math.min(soonestMs, ids.length < batch ? nextMs : 0)
      if (ids.length === 0) continue
      await deps.sampleLoad()
      await serveAll(ids, { ...deps, signal, failed })
    }
    return soonestMs
  }
}

async function serveAll(
  ids: string[],
  { serveSchedule, signal, failed }: SchedulesDeps & Pass,
): Promise<void> {
  const left = ids.values()
  let away: LonghaulError | undefined
  async function serveSome(): Promise<void> {
    for (const id of left) {
      if (signal.aborted || away !== undefined) return
      try {
        await serveSchedule(id)
      } catch (error) {
        if (isAway(error)) away = error
        else failed(error, { schedule: id })
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, serveSome))
  if (away !== undefined) throw away
}

/** Whether Redis cannot be reached. The next schedule would then fail, too. */
function isAway(error: unknown): error is LonghaulError {
  return error instanceof LonghaulError && error.code === 'unavailable'
}
