import { LonghaulError } from './errors.ts'

type Options = {
  signal?: AbortSignal
  /** Waits also in a line that is full: for callers whose number is bounded elsewhere. */
  patient?: boolean
}

type Waiting = { start: () => void }

/**
 * Runs a few pieces of work at once. Those that wait have one line per workspace, and the lines take turns. A line
 * that is full refuses more with `unavailable`, so that no workspace can keep others waiting for long.
 */
export function createFairQueue({
  name,
  atOnce,
  waiting,
}: {
  /** What it is a queue for, as a caller reads it. */
  name: string
  atOnce: number
  /** How many may wait for each workspace. */
  waiting: number
}) {
  /** The line that comes next is the first one. */
  const lines = new Map<string, Waiting[]>()
  let running = 0

  function next(): void {
    const [first] = lines
    if (first === undefined || running >= atOnce) return
    const [workspace, line] = first
    const turn = line.shift()
    lines.delete(workspace)
    if (line.length > 0) lines.set(workspace, line)
    if (turn === undefined) return
    running += 1
    turn.start()
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
    const leave = () => {
      const at = line.indexOf(mine)
      if (at === -1) return
      line.splice(at, 1)
      if (line.length === 0 && lines.get(workspace) === line) lines.delete(workspace)
      reject(signal?.reason as Error)
    }
    signal?.addEventListener('abort', leave, { once: true })
    next()
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', leave)
    }
  }

  return {
    /** Waits for its turn, then runs the work. Rejects with the signal's reason when that is aborted while it waits. */
    async run<T>(workspace: string, work: () => Promise<T>, options: Options = {}): Promise<T> {
      await enter(workspace, options)
      try {
        return await work()
      } finally {
        running -= 1
        next()
      }
    },
  }
}
