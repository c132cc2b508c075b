import { ModelError } from '@longhaul/core'

/** Milliseconds: until the answer begins, between two pieces of it, and for the whole of it. */
export type Timeouts = { firstByte: number; betweenChunks: number; call: number }

export type Watch = {
  /** Aborted with the caller's reason or with the timeout's `ModelError`. */
  signal: AbortSignal
  /** Rejects with that reason; never resolves. */
  aborted: Promise<never>
  /** A piece of the answer came. */
  heard(): void
  abort(reason: unknown): void
  /** Lets go of the timers and of the caller's signal. */
  end(): void
}

/** One signal for all that can stop a model call: its caller, silence, and its length. */
export function watchCall(caller: AbortSignal, timeouts: Timeouts): Watch {
  const controller = new AbortController()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  // When nobody races it any more, its rejection is nobody's.
  aborted.catch(() => {})

  function abort(reason: unknown): void {
    controller.abort(reason)
    reject(reason)
  }
  const stop = () => abort(caller.reason)
  const whole = timer(timeouts.call, 'did not finish within', abort)
  let silence = timer(timeouts.firstByte, 'did not begin to answer within', abort)
  let begun = false
  caller.addEventListener('abort', stop, { once: true })

  return {
    signal: controller.signal,
    aborted,
    heard() {
      if (begun) {
        silence.refresh()
        return
      }
      begun = true
      clearTimeout(silence)
      silence = timer(timeouts.betweenChunks, 'fell silent within its answer for', abort)
    },
    abort,
    end() {
      clearTimeout(whole)
      clearTimeout(silence)
      caller.removeEventListener('abort', stop)
    },
  }
}

function timer(ms: number, what: string, abort: (reason: unknown) => void): NodeJS.Timeout {
  return setTimeout(
    () => abort(new ModelError(`the model ${what} ${ms / 1000} s`, { retryable: true })),
    Math.min(ms, longestTimer),
  )
}

/** Node fires a longer timer at once. */
const longestTimer = 2 ** 31 - 1
