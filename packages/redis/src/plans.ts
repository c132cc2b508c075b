import { Plan } from '@longhaul/core'
import type { PlanStore } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { workspaceKeys } from './keys.ts'
import { guarded } from './unavailable.ts'

/** Plans as JSON under their hash. To put one twice is as once. */
export function createPlanStore(redis: Redis): PlanStore {
  return {
    async put(workspace, hash, plan) {
      await guarded(() => redis.set(workspaceKeys(workspace).plan(hash), JSON.stringify(plan)))
    },

    async get(workspace, hash) {
      const text = await guarded(() => redis.get(workspaceKeys(workspace).plan(hash)))
      return text === null ? undefined : Plan.parse(JSON.parse(text))
    },
  }
}
