import { Plan, planVersion } from '@longhaul/core'
import type { PlanStore } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { workspaceKeys } from './keys.ts'
import { guarded } from './unavailable.ts'

/** How many plans a process remembers: most turns run one of a few. */
const remembered = 200

/** Plans as JSON under their hash. To put one twice is as once. */
export function createPlanStore(redis: Redis): PlanStore {
  // A plan never changes, so what is remembered stays true.
  const known = new Map<string, Plan>()

  return {
    async put(workspace, hash, plan, keptMs) {
      const { plan: key } = workspaceKeys(workspace)
      const kept = keptMs === undefined ? [] : (['PX', keptMs] as const)
      await guarded(() => redis.set(key(hash), JSON.stringify(plan), ...(kept as [])))
    },

    async keep(workspace, hash, ms) {
      // What is kept for good counts as kept for longest.
      await guarded(() => redis.pexpire(workspaceKeys(workspace).plan(hash), ms, 'GT'))
    },

    async get(workspace, hash) {
      const key = workspaceKeys(workspace).plan(hash)
      const met = known.get(key)
      if (met !== undefined) return met
      const text = await guarded(() => redis.get(key))
      if (text === null) return undefined
      const written = JSON.parse(text) as { v?: unknown }
      if (typeof written.v === 'number' && written.v > planVersion) return 'newer'
      const plan = Plan.parse(written)
      const [oldest] = known.keys()
      if (known.size >= remembered && oldest !== undefined) known.delete(oldest)
      known.set(key, plan)
      return plan
    },
  }
}
