/** A time limit and its signal. */
export type Deadline = {
  /** Aborted with the caller's reason, or with the reason of the time limit. */
  signal: AbortSignal
  /** Whether the time limit is reached. */
  isOver: () => boolean
  /** Stops the clock. The returned function resumes it. */
  pause: () => () => void
  /** Waits with a stopped clock. */
  paused: (wait: () => Promise<void>) => Promise<void>
  /** Clears the timer and the listener on the caller's signal. */
  end: () => void
}

/** One signal for a caller's signal and a time limit. Paused time does not count. */
export function startDeadline({
  signal: caller,
  timeoutMs,
  reason,
}: {
  signal: AbortSignal
  timeoutMs: number
  /** Makes the reason of the abort at the time limit. */
  reason: () => Error
}): Deadline {
  const controller = new AbortController()
  let left = timeoutMs
  let startedAt = performance.now()
  let isOver = false
  let isEnded = false
  const expire = () => {
    isOver = true
    controller.abort(reason())
  }
  let timer = setTimeout(expire, left)
  const stop = () => controller.abort(caller.reason)
  if (caller.aborted) stop()
  else caller.addEventListener('abort', stop, { once: true })

  function pause(): () => void {
    clearTimeout(timer)
    left -= performance.now() - startedAt
    return () => {
      if (isEnded) return
      startedAt = performance.now()
      timer = setTimeout(expire, Math.max(0, left))
    }
  }

  return {
    signal: controller.signal,
    isOver: () => isOver,
    pause,
    async paused(wait) {
      const resume = pause()
      try {
        await wait()
      } finally {
        resume()
      }
    },
    end() {
      isEnded = true
      clearTimeout(timer)
      caller.removeEventListener('abort', stop)
    },
  }
}
