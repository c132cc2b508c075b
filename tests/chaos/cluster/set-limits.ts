import type { Tickets, WorkspaceLimits } from '@longhaul/core'
import { createAdminStore } from '@longhaul/redis'
import type { Redis } from 'ioredis'
import type { LimitChange } from '../evidence/evidence.ts'
import { retryUntilStored } from './retry-until-stored.ts'

/** Changes the limits of workspaces as an operator does, one change after the other, and records when. */
export function createLimitSetter(redis: Redis, tickets: Tickets) {
  const admin = createAdminStore(redis, { tickets })
  const changes: LimitChange[] = []
  let last: Promise<void> = Promise.resolve()

  async function apply(workspace: string, part: WorkspaceLimits): Promise<void> {
    const before = changes.findLast((change) => change.workspace === workspace)?.limits
    const change = { workspace, from: Date.now(), to: Infinity, limits: { ...before, ...part } }
    changes.push(change)
    await retryUntilStored(() => admin.setLimits(0, workspace, change.limits))
    change.to = Date.now()
  }

  return {
    changes: changes as readonly LimitChange[],

    /** Changes these limits of a workspace. The others stay. */
    async set(workspace: string, part: WorkspaceLimits): Promise<void> {
      const applied = last.then(() => apply(workspace, part))
      last = applied.catch(() => {})
      await applied
    },

    /** Removes all limits, and ends all pauses. */
    async clear(): Promise<void> {
      const none = {
        running: undefined,
        runningPerFairnessKey: undefined,
        weight: undefined,
        paused: false,
      }
      const changed = new Set(changes.map(({ workspace }) => workspace))
      for (const workspace of changed) await this.set(workspace, none)
    },
  }
}
