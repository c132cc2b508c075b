import { createLagWindow, limits } from '@longhaul/core'

/** Measures how late the timers of this process are. */
export function watchEventLoop(): { lagMs: () => number } {
  const lag = createLagWindow(limits.shed.lagWindow)
  let last = performance.now()
  setInterval(() => {
    const now = performance.now()
    lag.add(Math.max(0, now - last - everyMs), now, now - last)
    last = now
  }, everyMs).unref()
  return { lagMs: () => lag.least(performance.now()) }
}

const everyMs = 250
