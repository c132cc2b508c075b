import { LonghaulError } from './errors.ts'

type Options = {
  signal?: AbortSignal
  /** Waits also in a line that is full: for callers whose number is bounded elsewhere. */
  patient?: boolean
}

type Waiting = { start: () => void }

/**
 * Runs a few pieces of work at once. Those that wait have one line per workspace. A free place goes to the workspace
 * that runs the least; of equals, the lines take turns. A line that is full refuses more with `unavailable`, so that no
 * workspace can keep others waiting for long.
 */
export function createFairQueue({
  name,
  atOnce,
  perWorkspace = atOnce,
  waiting,
}: {
  /** What it is a queue for, as a caller reads it. */
  name: string
  atOnce: number
  /** How many of one workspace run at once. Below `atOnce`, one workspace alone never takes every place. */
  perWorkspace?: number
  /** How many may wait for each workspace. */
  waiting: number
}) {
  /** The line whose turn is next is the first one. */
  const lines = new Map<string, Waiting[]>()
  /** How many run, by workspace. */
  const running = new Map<string, number>()
  let total = 0

  /** Starts one: after each change, there is room for no more. */
  function next(): void {
    const workspace = total < atOnce ? nextWorkspace() : undefined
    if (workspace === undefined) return
    const line = lines.get(workspace) ?? []
    const turn = line.shift()
    lines.delete(workspace)
    if (line.length > 0) lines.set(workspace, line)
    if (turn === undefined) return
    total += 1
    running.set(workspace, runningOf(workspace) + 1)
    turn.start()
  }

  function nextWorkspace(): string | undefined {
    let chosen: string | undefined
    let least = perWorkspace
    for (const workspace of lines.keys()) {
      if (runningOf(workspace) >= least) continue
      chosen = workspace
      least = runningOf(workspace)
    }
    return chosen
  }

  function runningOf(workspace: string): number {
    return running.get(workspace) ?? 0
  }

  function leave(workspace: string): void {
    total -= 1
    const left = runningOf(workspace) - 1
    if (left > 0) running.set(workspace, left)
    else running.delete(workspace)
    next()
  }

  async function enter(workspace: string, { signal, patient }: Options): Promise<void> {
    signal?.throwIfAborted()
    const line = lines.get(workspace) ?? []
    if (line.length >= waiting && patient !== true) {
      throw new LonghaulError(
        'unavailable',
        `The queue for ${name} is full: ${waiting} of this workspace wait in it. Try again in a moment.`,
      )
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const mine: Waiting = { start: resolve }
    line.push(mine)
    lines.set(workspace, line)
    const giveUp = () => {
      const at = line.indexOf(mine)
      if (at === -1) return
      line.splice(at, 1)
      if (line.length === 0 && lines.get(workspace) === line) lines.delete(workspace)
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', giveUp, { once: true })
    next()
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', giveUp)
    }
  }

  return {
    /** Waits for its turn, then runs the work. Rejects with the signal's reason when that is aborted while it waits. */
    async run<T>(workspace: string, work: () => Promise<T>, options: Options = {}): Promise<T> {
      await enter(workspace, options)
      try {
        return await work()
      } finally {
        leave(workspace)
      }
    },
  }
}
