import { limits, LonghaulError, type Operations, responseId, type TurnRef } from '@longhaul/core'
import type { Logger } from '@longhaul/process'

type Options = {
  operations: Pick<Operations, 'takeRedrives' | 'redriveDone' | 'redriveFailed'>
  /** Has the failed turn of a response id go on. */
  redrive: (id: string) => Promise<TurnRef>
  shards: number
  log: Logger
  /** Told of each turn that goes on. */
  redriven: () => void
}

/** How often to look whether something waits. */
const everyMs = limits.maintenance.redriveEvery
/** How many are served in one look. */
const batch = limits.maintenance.redriveBatch
/** Whoever takes a turn may die before it goes on: then another one finds it due again. */
const takenAgain = limits.maintenance.redriveAgain

/** Has failed turns go on when they are due: an operator has put them on the way, at a pace. */
export function startRedriver(options: Options) {
  const { shards, log } = options
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  async function pass(): Promise<void> {
    let soonest = everyMs * (0.75 + Math.random() / 2)
    try {
      for (let shard = 0; shard < shards; shard += 1) {
        soonest = Math.min(soonest, await serve(shard, options))
      }
    } catch (error) {
      log.warn({ err: error }, 'failed turns could not be redriven')
    }
    if (!stopped) schedule(soonest)
  }

  function schedule(ms: number): void {
    timer = setTimeout(() => {
      running = pass()
    }, ms)
  }
  schedule(everyMs)

  return {
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}

/** In how many milliseconds the next one is due. */
async function serve(shard: number, options: Options): Promise<number> {
  const { operations } = options
  const { turns, nextMs = Infinity } = await operations.takeRedrives(shard, takenAgain, batch)
  for (const turn of turns) {
    await goOn(turn, options)
  }
  return nextMs
}

/** A store that is away is asked again. Any other failure would come again: it is reported, and not tried again. */
async function goOn(turn: TurnRef, options: Options): Promise<void> {
  const { operations, redrive, redriven, log } = options
  try {
    await redrive(responseId(turn.taskId, turn.turn))
  } catch (error) {
    if (error instanceof LonghaulError && error.code === 'unavailable') throw error
    log.warn({ err: error, taskId: turn.taskId, turn: turn.turn }, 'turn cannot be redriven')
    const why = error instanceof LonghaulError ? error.message : 'an unexpected error, see the log'
    await operations.redriveFailed(turn, why)
    return
  }
  redriven()
  await operations.redriveDone(turn)
}
