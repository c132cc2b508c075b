import type { Logger } from './logger.ts'

/** One thing to do on the way out; the next one begins when it is done, or when its time is over. */
export type ShutdownStep = {
  name: string
  run: () => Promise<void> | void
  deadlineMs?: number
}

type Options = {
  /** Read when the signal comes: what is started later adds its own. */
  steps: readonly ShutdownStep[]
  /** All of the way out takes no longer; a step that begins later is begun and not waited for. */
  withinMs: number
}

/** Lines that a stuck reader does not take are not waited for. */
const flushMs = 250

/**
 * SIGTERM and SIGINT run the steps in order, once, and exit with 0; a second signal exits with 1 at
 * once. What nobody caught is logged and exits with 1: the process is then in an unknown state, and
 * whoever supervises it starts a fresh one.
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
