import type { Logger } from './logger.ts'

/** One step of the shutdown. The next step begins when this one is done, or when its deadline has passed. */
export type ShutdownStep = {
  name: string
  run: () => Promise<void> | void
  deadlineMs?: number
}

type Options = {
  /** The steps are read when the signal arrives, so components that start later can add theirs. */
  steps: readonly ShutdownStep[]
  /** The time limit of the whole shutdown. A step that begins later is started but not awaited. */
  withinMs: number
}

/** The time for the last log lines. A blocked reader does not delay the exit further. */
const flushMs = 250

/**
 * SIGTERM and SIGINT run the steps in order, once, and exit with 0. A second signal exits with 1 at once. An uncaught
 * error is logged and exits with 1, because the process is then in an unknown state; its supervisor starts a new one.
 */
export function onShutdown(log: Logger, { steps, withinMs }: Options): void {
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) {
        log.warn({ signal }, 'second signal, exiting at once')
        process.exit(1)
      }
      stopping = true
      log.info({ signal }, 'shutting down')
      void runAll(log, steps, performance.now() + withinMs).then(() => process.exit(0))
    })
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal({ err: error }, event)
      process.exit(1)
    })
  }
}

async function runAll(log: Logger, steps: readonly ShutdownStep[], until: number): Promise<void> {
  for (const step of steps) {
    const left = Math.max(0, Math.round(until - performance.now()))
    try {
      await within(Math.min(step.deadlineMs ?? Infinity, left), step.run)
    } catch (error) {
      log.error({ err: error, step: step.name }, 'shutdown step failed')
    }
  }
  log.info('stopped')
  await within(flushMs, () => flush(log)).catch(() => undefined)
}

async function within(deadlineMs: number, run: () => Promise<void> | void): Promise<void> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new Error(`not done after ${deadlineMs} ms`))
  }, deadlineMs)
  try {
    await Promise.race([run(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

function flush(log: Logger): Promise<void> {
  return new Promise((resolve) => {
    log.flush(() => {
      resolve()
    })
  })
}
