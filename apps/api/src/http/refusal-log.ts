import { createWindows, limits } from '@longhaul/core'
import type { Logger, Metrics } from '@longhaul/process'

/** The refused caller, as far as it is known. */
type Refused = { workspace?: string; keyId?: string; address?: string | undefined }

export type Refusals = (policy: string, who: Refused) => void

type Options = { log: Logger; metrics: Metrics; now?: () => number }

/** Counts the requests that limits refuse, and logs at most one line per policy and caller in a minute. */
export function createRefusals({ log, metrics, now = Date.now }: Options): Refusals {
  const refused = metrics.counter(
    'longhaul_refused_total',
    'Requests and connections refused by a limit.',
    ['policy'],
  )
  const { every: windowMs, callers: size } = limits.refusalLog
  const lines = createWindows({ windowMs, size, now })
  return (policy, { workspace, keyId: key_id, address }) => {
    refused.inc({ policy })
    if (lines.add(`${policy} ${key_id ?? address ?? ''}`) > 1) return
    log.warn({ policy, workspace, key_id, address }, 'refused by a limit')
  }
}
