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
  const { firstByte, betweenChunks, call } = timeouts
  const startedAt = performance.now()
  /** When the last piece of the answer arrived. */
  let receivedAt: number | undefined
  // One timer for all timeouts: pieces of an answer are frequent, and timeouts are not.
  let timer = setTimeout(check, Math.min(firstByte, betweenChunks, call, longestTimer))
  caller.addEventListener('abort', stop, { once: true })

  /** Aborts the call if a timeout has passed, or waits for the next one. */
  function check(): void {
    const now = performance.now()
    const whole = startedAt + call - now
    const silence =
      receivedAt === undefined ? startedAt + firstByte - now : receivedAt + betweenChunks - now
    const next = Math.min(whole, silence)
    if (next > 0) {
      // The answer may begin just after this check.
      timer = setTimeout(check, Math.ceil(Math.min(next, betweenChunks, longestTimer)))
    } else if (whole === next) {
      // A call that has begun to answer would take as long again, so this counts as an unusable answer.
      abort(timeout(`did not finish within ${call / 1000} s`, receivedAt !== undefined))
    } else if (receivedAt === undefined) {
      abort(timeout(`did not begin to answer within ${firstByte / 1000} s`))
    } else {
      abort(timeout(`fell silent within its answer for ${betweenChunks / 1000} s`))
    }
  }

  return {
    signal: controller.signal,
    aborted,
    received() {
      receivedAt = performance.now()
    },
    abort,
    end() {
      clearTimeout(timer)
      caller.removeEventListener('abort', stop)
    },
  }
}

function timeout(what: string, unusable = false): ModelError {
  return new ModelError(`the model ${what}`, { retryable: true, unusable })
}

/** The longest timer of Node, which fires a longer one at once. */
const longestTimer = 2 ** 31 - 1
