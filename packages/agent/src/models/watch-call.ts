import { ModelError } from '@longhaul/core'

/** Milliseconds: until the answer begins, between two pieces of it, and for the whole call. */
export type Timeouts = { firstByte: number; betweenChunks: number; call: number }

export type Watch = {
  /** Aborted with the caller's reason or with the timeout's `ModelError`. */
  signal: AbortSignal
  /** Rejects with that reason; never resolves. */
  aborted: Promise<never>
  /** A piece of the answer has arrived. */
  received(): void
  abort(reason: unknown): void
  /** Clears the timers and the listener on the caller's signal. */
  end(): void
}

/** One signal for everything that can stop a model call: its caller, silence, and its duration. */
export function watchCall(caller: AbortSignal, timeouts: Timeouts): Watch {
  const controller = new AbortController()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  // Without this, the rejection is unhandled when no race waits for it.
  aborted.catch(() => {})

  function abort(reason: unknown): void {
    controller.abort(reason)
    reject(reason)
  }
  const stop = () => abort(caller.reason)
  let begun = false
  // A call that has begun to answer would take as long again, so its timeout counts as an unusable answer.
  const whole = timer(timeouts.call, 'did not finish within', (reason) => abort(reason(begun)))
  const silent: Abort = (reason) => abort(reason(false))
  let silence = timer(timeouts.firstByte, 'did not begin to answer within', silent)
  caller.addEventListener('abort', stop, { once: true })

  return {
    signal: controller.signal,
    aborted,
    received() {
      if (begun) {
        silence.refresh()
        return
      }
      begun = true
      clearTimeout(silence)
      silence = timer(timeouts.betweenChunks, 'fell silent within its answer for', silent)
    },
    abort,
    end() {
      clearTimeout(whole)
      clearTimeout(silence)
      caller.removeEventListener('abort', stop)
    },
  }
}

type Abort = (reason: (unusable: boolean) => ModelError) => void

function timer(ms: number, what: string, abort: Abort): NodeJS.Timeout {
  const message = `the model ${what} ${ms / 1000} s`
  return setTimeout(
    () => abort((unusable) => new ModelError(message, { retryable: true, unusable })),
    Math.min(ms, longestTimer),
  )
}

/** The longest timer of Node, which fires a longer one at once. */
const longestTimer = 2 ** 31 - 1
