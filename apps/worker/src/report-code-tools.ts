import type { Python } from '@longhaul/agent'
import type { Logger } from '@longhaul/process'

/** Logs one line at start: how the memory of `code` tools is limited here, or why they cannot run. */
export async function reportCodeTools(python: Pick<Python, 'check'>, log: Logger): Promise<void> {
  try {
    log.info(await python.check(), 'code tools are ready')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    log.warn({ reason }, 'code tools cannot run')
  }
}
