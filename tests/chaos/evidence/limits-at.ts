import type { WorkspaceLimits } from '@longhaul/core'
import type { LimitChange } from './evidence.ts'

/** The difference between the clocks of Redis and of this process, at most. In milliseconds. */
const slack = 20

/** All limits of a workspace that may have been in force at a time: a change takes effect between two moments. */
export function limitsAt(
  changes: LimitChange[],
  { workspace, at }: { workspace: string; at: number },
): WorkspaceLimits[] {
  const own = changes.filter((change) => change.workspace === workspace)
  const last = own.findLastIndex(({ to }) => to + slack < at)
  const maybe = own.slice(last + 1).filter(({ from }) => from - slack <= at)
  return [own[last]?.limits ?? {}, ...maybe.map(({ limits }) => limits)]
}

/** What a replica has not received is at most so old, milliseconds. */
const lag = 1_000

/**
 * A failover may have lost each change that was stored before its end and that another one has replaced since. So each
 * of them may have taken effect only with the next one, or never.
 */
export function doubtChanges(changes: LimitChange[], failover: { from: number; to: number }): void {
  for (const [at, change] of changes.entries()) {
    if (change.to < failover.from - lag || change.from > failover.to) continue
    const next = changes.slice(at + 1).find(({ workspace }) => workspace === change.workspace)
    if (next !== undefined) change.to = next.to
  }
}
