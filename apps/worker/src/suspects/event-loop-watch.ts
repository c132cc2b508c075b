import { wasBlocked } from '@longhaul/core'

type Options = {
  lockMs: number
  /** Called when the event loop was blocked for so long that leases may be lost. */
  blocked: () => void
}

/** Finds out when this process's event loop stands still because of what runs in it. */
export function watchEventLoop({ lockMs, blocked }: Options) {
  let last = now()
  let blockedAt = -Infinity

  function look(): void {
    const present = now()
    const stall = { gapMs: present.at - last.at, cpuMs: present.cpu - last.cpu }
    last = present
    if (!wasBlocked(stall, lockMs)) return
    blockedAt = present.at
    blocked()
  }
  const looks = setInterval(look, lockMs / 20)

  return {
    /** Whether it was blocked within the last lock time: then a lease that is lost was lost for that. */
    wasBlocked: (): boolean => {
      // A turn may learn that it is lost before the interval comes.
      look()
      return performance.now() - blockedAt < lockMs
    },
    stop: () => clearInterval(looks),
  }
}

/** Milliseconds: the time, and for how long the thread of the event loop has had a processor. */
function now(): { at: number; cpu: number } {
  const { user, system } = process.threadCpuUsage()
  return { at: performance.now(), cpu: (user + system) / 1_000 }
}
