import { type Logger, startLoop } from '@longhaul/process'

/** What a worker does every now and then, beside its turns. */
export type Chore = {
  name: string
  everyMs: number
  /** Milliseconds until the first pass, and the jitter of the pauses, as `startLoop` has them. */
  firstMs?: number
  jitter?: number
  /** One pass. Resolves with the milliseconds until the next one where that is needed sooner. */
  run: (pass: Pass) => Promise<number | void>
  /** Why the worker is not ready when no pass has succeeded for so long. */
  overdue?: { afterMs: number; reason: string }
}

export type Pass = {
  /** Aborted when the worker shuts down. */
  signal: AbortSignal
  /** Logs what a part of the pass failed with; the pass continues with the other parts. */
  failed: (error: unknown, where: object) => void
}

export type Chores = ReturnType<typeof startChores>

/** Runs chores, each in a loop of its own: one that fails or takes long holds up no other. */
export function startChores(chores: Chore[], log: Logger) {
  const started = chores.map((chore) => start(chore, log))
  return {
    /** Why the worker is not ready, if a chore it depends on has not succeeded lately. */
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
