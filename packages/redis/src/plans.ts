import { limits, Plan, planVersion, workspaceFull } from '@longhaul/core'
import type { PlanStore } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { workspaceKeys } from './keys.ts'
import { loadScript, runScript } from './script.ts'
import { guarded } from './unavailable.ts'

/** How many plans a process remembers: most turns run one of a few. */
const remembered = limits.remembered.plans

const script = loadScript('keep-plan')

/** Plans as JSON under their hash. To put one twice is as once. */
export function createPlanStore(
  redis: Redis,
  { planBytes: most }: { planBytes: number } = limits.workspace,
): PlanStore {
  async function keep(workspace: string, hash: string, { ms, json }: { ms: number; json: string }) {
    const names = workspaceKeys(workspace)
    const keys = [names.plan(hash), names.plans, names.planBytes]
    const outcome = await runScript(redis, script, keys, [ms, json, hash, most])
    if (outcome === 'full') throw workspaceFull('plans')
    return outcome === 'kept'
  }

  // A plan never changes, so what is remembered stays true.
  const known = new Map<string, Plan>()

  return {
    async put(workspace, hash, plan, ms) {
      await keep(workspace, hash, { ms, json: JSON.stringify(plan) })
    },

    keep: (workspace, hash, ms) => keep(workspace, hash, { ms, json: '' }),

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
