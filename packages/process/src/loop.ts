export type Loop = {
  /** Starts no further pass, aborts the current one, and resolves when it has ended. */
  stop(): Promise<void>
}

type Options = {
  everyMs: number
  /** Milliseconds until the first pass; a full pause when absent. */
  firstMs?: number
  /** The largest fraction by which a pause differs from `everyMs`, so that processes do not run in step. */
  jitter?: number
  /** Runs one pass. May resolve with the milliseconds until the next one, when it is needed earlier. */
  run: (signal: AbortSignal) => Promise<number | void>
  /** Receives the error of a rejected pass. The loop continues. */
  failed: (error: unknown) => void
  /** Whether the loop keeps the process alive. */
  keepsAlive?: boolean
  random?: () => number
}

/** Runs passes one after the other, with a pause between them. Passes never overlap. */
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
