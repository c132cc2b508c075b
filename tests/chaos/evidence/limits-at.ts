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
