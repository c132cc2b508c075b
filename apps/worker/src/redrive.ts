import { LonghaulError, type Operations, responseId, type TurnRef } from '@longhaul/core'
import type { Logger } from '@longhaul/process'

type Options = {
  operations: Pick<Operations, 'takeRedrives' | 'redriveDone'>
  /** Has the failed turn of a response id go on. */
  redrive: (id: string) => Promise<TurnRef>
  shards: number
  log: Logger
  /** Told of each turn that goes on. */
  redriven: () => void
}

/** How often to look whether something waits. */
const everyMs = 1_000
/** How many are served in one look. */
const batch = 100
/** Whoever takes a turn may die before it goes on: then another one finds it due again. */
const takenAgain = 30_000

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
    await operations.redriveDone(turn)
  }
  return nextMs
}

/** What cannot go on any more needs no second try; a store that is away is asked again. */
async function goOn(turn: TurnRef, { redrive, redriven, log }: Options): Promise<void> {
  try {
    await redrive(responseId(turn.taskId, turn.turn))
    redriven()
  } catch (error) {
    if (!(error instanceof LonghaulError) || error.code === 'unavailable') throw error
    log.warn({ taskId: turn.taskId, turn: turn.turn, why: error.message }, 'turn cannot go on')
  }
}
