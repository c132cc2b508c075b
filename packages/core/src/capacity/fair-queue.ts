import { LonghaulError } from '../lib/errors.ts'

type Options = {
  signal?: AbortSignal
  /** How many of the places it takes. */
  size?: number
  /** Waits also in a line that is full: for callers whose number is bounded elsewhere. */
  patient?: boolean
}

type Waiting = { size: number; start: () => void }

/**
 * Runs a few pieces of work at once. Those that wait have one line per workspace. A free place goes to the workspace
 * that runs the least; of equals, the lines take turns. Nobody passes one that needs more places than are free; one that
 * needs more than there are runs alone. A line that is full refuses more with `unavailable`, so that no workspace can
 * keep others waiting for long.
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
  /** How many places those that run have taken, by workspace. */
  const running = new Map<string, number>()
  let total = 0
  let waits = 0

  function startNext(): void {
    while (startOne());
  }

  function startOne(): boolean {
    const workspace = total < atOnce ? nextWorkspace() : undefined
    const line = workspace === undefined ? undefined : lines.get(workspace)
    const turn = line?.[0]
    if (workspace === undefined || line === undefined || turn === undefined) return false
    if (total > 0 && total + turn.size > atOnce) return false
    line.shift()
    lines.delete(workspace)
    if (line.length > 0) lines.set(workspace, line)
    total += turn.size
    waits -= 1
    running.set(workspace, runningOf(workspace) + turn.size)
    turn.start()
    return true
  }

  function nextWorkspace(): string | undefined {
    let chosen: string | undefined
    let least = Infinity
    for (const [workspace, [first]] of lines) {
      const has = runningOf(workspace)
      const isFull = has > 0 && has + (first?.size ?? 0) > perWorkspace
      if (isFull || has >= least) continue
      chosen = workspace
      least = has
    }
    return chosen
  }

  function runningOf(workspace: string): number {
    return running.get(workspace) ?? 0
  }

  function leave(workspace: string, size: number): void {
    total -= size
    const left = runningOf(workspace) - size
    if (left > 0) running.set(workspace, left)
    else running.delete(workspace)
    startNext()
  }

  async function enter(workspace: string, { signal, patient, size = 1 }: Options): Promise<void> {
    signal?.throwIfAborted()
    const line = lines.get(workspace) ?? []
    if (line.length >= waiting && patient !== true) {
      throw new LonghaulError(
        'unavailable',
        `The queue for ${name} is full: ${waiting} of this workspace wait in it. Try again in a moment.`,
      )
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const mine: Waiting = { size, start: resolve }
    line.push(mine)
    lines.set(workspace, line)
    waits += 1
    const stopWaiting = () => {
      const at = line.indexOf(mine)
      if (at === -1) return
      line.splice(at, 1)
      waits -= 1
      if (line.length === 0 && lines.get(workspace) === line) lines.delete(workspace)
      reject(signal?.reason as Error)
      startNext()
    }
    signal?.addEventListener('abort', stopWaiting, { once: true })
    startNext()
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', stopWaiting)
    }
  }

  return {
    /** How many places are taken. */
    taken: () => total,

    waiting: () => waits,

    /** Waits for its turn; resolves with what gives its places back. Rejects as `run` does. */
    async take(workspace: string, options: Options = {}): Promise<() => void> {
      await enter(workspace, options)
      return () => leave(workspace, options.size ?? 1)
    },

    /** Waits for its turn, then runs the work. Rejects with the signal's reason when that is aborted while it waits. */
    async run<T>(workspace: string, work: () => Promise<T>, options: Options = {}): Promise<T> {
      await enter(workspace, options)
      try {
        return await work()
      } finally {
        leave(workspace, options.size ?? 1)
      }
    },
  }
}
