import type { Logger } from '@longhaul/process'

export type Background = ReturnType<typeof createBackground>

/** Runs work that no reply waits for. A failure is logged, and a reconciler repairs it. */
export function createBackground(log: Logger) {
  const running = new Set<Promise<void>>()
  return {
    run(work: () => Promise<void>): void {
      const done = guard(work, log).finally(() => running.delete(done))
      running.add(done)
    },
    async settled(): Promise<void> {
      await Promise.all(running)
    },
  }
}

async function guard(work: () => Promise<void>, log: Logger): Promise<void> {
  try {
    await work()
  } catch (error) {
    log.warn({ err: error }, 'background work failed')
  }
}
