import { LonghaulError } from '../lib/errors.ts'

type Options = {
  signal?: AbortSignal
  /** The number of slots that the work takes. */
  size?: number
  /** Waits even when the queue of the workspace is full, for callers whose number is limited elsewhere. */
  patient?: boolean
}

type Waiting = { size: number; start: () => void }

/**
 * Limits how much work runs at once. Each workspace has its own queue of waiting work. A free slot goes to the
 * workspace that runs the least; workspaces that run the same amount take turns. Work that needs more slots than are
 * free is not overtaken; work that needs more slots than exist runs alone. When the queue of a workspace is full,
 * further work is refused with `unavailable`, so that no workspace can delay the others for long.
 */
export function createFairQueue({
  name,
  atOnce,
  perWorkspace = atOnce,
  waiting,
}: {
  /** The purpose of the queue, for error messages to callers. */
  name: string
  atOnce: number
  /** How many slots one workspace may take. Below `atOnce`, one workspace alone never takes every slot. */
  perWorkspace?: number
  /** How many pieces of work of each workspace may wait. */
  waiting: number
}) {
  /** By workspace. The first queue is served next. */
  const lines = new Map<string, Waiting[]>()
  /** The number of slots taken, by workspace. */
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

  /** Takes slots at once if nobody waits. Nobody who waits is overtaken. */
  function takeFree(workspace: string, { signal, size = 1 }: Options): boolean {
    signal?.throwIfAborted()
    if (lines.size > 0 || total >= atOnce || (total > 0 && total + size > atOnce)) return false
    const has = runningOf(workspace)
    if (has > 0 && has + size > perWorkspace) return false
    total += size
    running.set(workspace, has + size)
    return true
  }

  async function enter(workspace: string, { signal, patient, size = 1 }: Options): Promise<void> {
    const line = lines.get(workspace) ?? []
    if (line.length >= waiting && patient !== true) {
      throw new LonghaulError(
        'unavailable',
        `The queue for ${name} is full: ${waiting} of this workspace wait in it. Try again in a moment.`,
      )
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const entry: Waiting = { size, start: resolve }
    line.push(entry)
    lines.set(workspace, line)
    waits += 1
    const abandon = () => {
      const index = line.indexOf(entry)
      if (index === -1) return
      line.splice(index, 1)
      waits -= 1
      if (line.length === 0 && lines.get(workspace) === line) lines.delete(workspace)
      reject(signal?.reason as Error)
      startNext()
    }
    signal?.addEventListener('abort', abandon, { once: true })
    startNext()
    try {
      await promise
    } finally {
      signal?.removeEventListener('abort', abandon)
    }
  }

  return {
    /** The number of slots taken. */
    taken: () => total,

    waiting: () => waits,

    /** Waits for a slot. Resolves with a function that frees the slots. Rejects as `run` does. */
    async take(workspace: string, options: Options = {}): Promise<() => void> {
      if (!takeFree(workspace, options)) await enter(workspace, options)
      return () => leave(workspace, options.size ?? 1)
    },

    /**
     * Waits for a slot, then runs the work. Rejects with the signal's reason when the signal aborts while the work
     * waits.
     */
    async run<T>(workspace: string, work: () => Promise<T>, options: Options = {}): Promise<T> {
      if (!takeFree(workspace, options)) await enter(workspace, options)
      try {
        return await work()
      } finally {
        leave(workspace, options.size ?? 1)
      }
    },
  }
}
