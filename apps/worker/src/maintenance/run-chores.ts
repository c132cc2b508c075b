import { type Logger, startLoop } from '@longhaul/process'

/** A periodic task of a worker. */
export type Chore = {
  name: string
  everyMs: number
  /** Milliseconds until the first pass, and the jitter of the pauses, as in `startLoop`. */
  firstMs?: number
  jitter?: number
  /** Runs one pass. Resolves with the milliseconds until the next one if it is needed sooner. */
  run: (pass: Pass) => Promise<number | void>
  /** The reason why the worker is not ready, if no pass has succeeded for this time. */
  overdue?: { afterMs: number; reason: string }
}

export type Pass = {
  /** Aborted when the worker shuts down. */
  signal: AbortSignal
  /** Logs the failure of a part of the pass. The pass continues with the other parts. */
  failed: (error: unknown, where: object) => void
}

export type Chores = ReturnType<typeof startChores>

/** Runs each chore in its own loop: a chore that fails or takes long does not delay the others. */
export function startChores(chores: Chore[], log: Logger) {
  const started = chores.map((chore) => start(chore, log))
  return {
    /** The reason why the worker is not ready, if a chore that it depends on has not succeeded recently. */
    overdue: (): string | undefined =>
      started.find(({ chore, succeededAt }) => isOverdue(chore, succeededAt()))?.chore.overdue
        ?.reason,
    async stop(): Promise<void> {
      await Promise.all(started.map(({ loop }) => loop.stop()))
    },
  }
}

function start(chore: Chore, log: Logger) {
  let succeededAt = performance.now()
  const failed = (err: unknown, where: object = {}) =>
    log.warn({ err, chore: chore.name, ...where }, 'chore failed')
  const loop = startLoop({
    ...chore,
    failed,
    async run(signal) {
      let isWhole = true
      const soonerMs = await chore.run({
        signal,
        failed(error, where) {
          isWhole = false
          failed(error, where)
        },
      })
      if (isWhole) succeededAt = performance.now()
      return soonerMs
    },
  })
  return { chore, loop, succeededAt: () => succeededAt }
}

function isOverdue({ overdue }: Chore, succeededAt: number): boolean {
  return overdue !== undefined && performance.now() - succeededAt > overdue.afterMs
}
