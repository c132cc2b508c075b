import type { Logger } from '@longhaul/process'

type Options = {
  /** Why this process must not go on with its number of shards; undefined when it may. */
  check: () => Promise<string | undefined>
  everyMs: number
  log: Logger
}

/** Finds out, while a worker runs, that other processes have more shards than it serves. */
export function watchShards({ check, everyMs, log }: Options) {
  let problem: string | undefined
  let checking: Promise<void> = Promise.resolve()

  async function look(): Promise<void> {
    try {
      const found = await check()
      if (found !== undefined && found !== problem) log.error({ why: found }, 'too few shards')
      problem = found
    } catch (error) {
      log.warn({ err: error }, 'the namespace and its shards could not be checked')
    }
  }
  const looks = setInterval(() => {
    checking = look()
  }, everyMs)

  return {
    problem: () => problem,
    async stop(): Promise<void> {
      clearInterval(looks)
      await checking
    },
  }
}
