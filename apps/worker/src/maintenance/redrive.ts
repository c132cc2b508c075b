import { limits, LonghaulError, type AdminStore, responseId, type TurnRef } from '@longhaul/core'
import type { Logger } from '@longhaul/process'

export type RedriveDeps = {
  adminStore: Pick<AdminStore, 'takeRedrives' | 'redriveDone' | 'redriveFailed'>
  /** Redrives the failed turn of a response id. */
  redrive: (id: string) => Promise<TurnRef>
  shards: number
  log: Logger
  /** Called for each turn that was redriven. */
  redriven: () => void
}

/** The maximum number of turns in a pass. */
const batch = limits.maintenance.redriveBatch
/** A worker that takes a turn may die before the redrive: then another worker finds it due again. */
const takenRetryMs = limits.maintenance.redriveRetryMs

/**
 * Redrives the failed turns that an operator has scheduled, when they are due. Resolves with the milliseconds until the
 * next one.
 */
export function redriveDue(deps: RedriveDeps) {
  return async (): Promise<number> => {
    let soonestMs = Infinity
    for (let shard = 0; shard < deps.shards; shard += 1) {
      soonestMs = Math.min(soonestMs, await serve(shard, deps))
    }
    return soonestMs
  }
}

/** Milliseconds until the next turn of the shard is due. */
async function serve(shard: number, deps: RedriveDeps): Promise<number> {
  const { adminStore } = deps
  const { turns, nextMs = Infinity } = await adminStore.takeRedrives(shard, takenRetryMs, batch)
  for (const turn of turns) {
    await redriveOne(turn, deps)
  }
  return nextMs
}

/** Retries while the store is unavailable. Any other failure would repeat: it is reported and not retried. */
async function redriveOne(turn: TurnRef, deps: RedriveDeps): Promise<void> {
  const { adminStore, redrive, redriven, log } = deps
  try {
    await redrive(responseId(turn.taskId, turn.turn))
  } catch (error) {
    if (error instanceof LonghaulError && error.code === 'unavailable') throw error
    log.warn({ err: error, taskId: turn.taskId, turn: turn.turn }, 'turn cannot be redriven')
    const why = error instanceof LonghaulError ? error.message : 'an unexpected error, see the log'
    await adminStore.redriveFailed(turn, why)
    return
  }
  redriven()
  await adminStore.redriveDone(turn)
}
