export type Loop = {
  /** No pass begins from now on: aborts the pass under way and resolves when it has ended. */
  stop(): Promise<void>
}

type Options = {
  everyMs: number
  /** Milliseconds until the first pass; a whole pause if absent. */
  firstMs?: number
  /** The largest part by which a pause differs from `everyMs`, so that processes do not act in step. */
  jitter?: number
  /** One pass. Resolves with the milliseconds until the next one where that is needed sooner. */
  run: (signal: AbortSignal) => Promise<number | void>
  /** Receives what a pass rejects with; the loop goes on. */
  failed: (error: unknown) => void
  /** Whether the loop keeps the process alive. */
  keepsAlive?: boolean
  random?: () => number
}

/** Runs passes one after the other, with a pause between two. Passes never overlap. */
export function startLoop({ everyMs, jitter = 0.25, run, failed, ...options }: Options): Loop {
  const { keepsAlive = true, random = Math.random } = options
  const stopping = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  function schedule(ms: number): void {
    if (stopping.signal.aborted) return
    timer = setTimeout(() => {
      running = pass()
    }, ms)
    if (!keepsAlive) timer.unref()
  }

  async function pass(): Promise<void> {
    let soonerMs = Infinity
    try {
      soonerMs = (await run(stopping.signal)) ?? Infinity
    } catch (error) {
      if (!stopping.signal.aborted) failed(error)
    }
    schedule(Math.min(pause(), soonerMs))
  }

  const pause = () => everyMs * (1 - jitter + 2 * jitter * random())
  schedule(options.firstMs ?? pause())

  return {
    async stop() {
      stopping.abort()
      clearTimeout(timer)
      await running
    },
  }
}
