import { isLongGap, wasBlocked } from '@longhaul/core'

type Options = {
  lockMs: number
  /** Called when the event loop was blocked so long that leases may be lost. */
  blocked: () => void
}

/** Detects when code of this process blocks its event loop. */
export function watchEventLoop({ lockMs, blocked }: Options) {
  let last = now()
  let blockedAt = -Infinity

  function check(): void {
    const present = now()
    const stall = { gapMs: present.at - last.at, cpuMs: present.cpu - last.cpu }
    last = present
    if (!wasBlocked(stall, lockMs)) return
    blockedAt = present.at
    blocked()
  }
  const timer = setInterval(check, lockMs / 20)

  return {
    /**
     * Whether the event loop was blocked within the last lock time: a lease that is lost now was lost for that reason.
     */
    wasBlocked: (): boolean => {
      // A turn may detect its loss before the interval fires. Reading the CPU time is a system call, so it is only read
      // when the gap is long enough.
      const at = performance.now()
      if (isLongGap(at - last.at, lockMs)) check()
      return at - blockedAt < lockMs
    },
    stop: () => clearInterval(timer),
  }
}

/** The time and the CPU time of the event loop's thread, in milliseconds. */
function now(): { at: number; cpu: number } {
  const { user, system } = process.threadCpuUsage()
  return { at: performance.now(), cpu: (user + system) / 1_000 }
}
