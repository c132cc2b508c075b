import { limits, Plan, planVersion, wellFormedJson, workspaceFull } from '@longhaul/core'
import type { PlanStore } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { workspaceKeys } from '../connection/keys.ts'
import { toStored } from '../log/to-stored.ts'
import { type Bulk, createTransfers } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'
import { keepPlanScript } from '../lua/registry/keep-plan.ts'

/** Plans in Redis, as JSON under their hash. `put` is idempotent. */
export function createPlanStore(
  redis: Redis,
  {
    bulk,
    planBytes: most = limits.workspace.planBytes,
    heap = Infinity,
    cache = cacheWithin(heap),
  }: {
    bulk?: Bulk
    planBytes?: number
    /** The heap of the process in bytes. */
    heap?: number
    cache?: { count: number; characters: number }
  } = {},
): PlanStore {
  const transfers = createTransfers(redis, bulk)

  async function keep(workspace: string, hash: string, { ms, json }: { ms: number; json: string }) {
    const { plan, plans, planBytes } = workspaceKeys(workspace)
    const call = keepPlanScript.call(
      { plan: plan(hash), plans, planBytes },
      { keepForMs: ms, json, hash, maxBytes: most },
    )
    const outcome = await transfers.send({ workspace }, call)
    if (outcome === 'full') throw workspaceFull('plans')
    return outcome === 'kept'
  }

  // A plan never changes, so cached plans stay valid. Most turns use one of a few plans.
  const known = new LRUCache<string, Plan>({
    max: cache.count,
    maxSize: Math.max(1, Math.floor(cache.characters)),
  })

  /** Reads a small plan with one command. Only a large plan fills the first piece. */
  async function textOf(workspace: string, key: string): Promise<string> {
    const piece = await guarded(() => redis.getrange(key, 0, limits.large - 1))
    if (Buffer.byteLength(piece) < limits.large) return piece
    return await transfers.large({ workspace }, (on) =>
      guarded(async () => (await on.get(key)) ?? ''),
    )
  }

  return {
    async put(workspace, hash, plan, ms) {
      await keep(workspace, hash, { ms, json: toStored(plan) })
    },

    keep: (workspace, hash, ms) => keep(workspace, hash, { ms, json: '' }),

    async get(workspace, hash) {
      const key = workspaceKeys(workspace).plan(hash)
      const cached = known.get(key)
      if (cached !== undefined) return cached
      const text = await textOf(workspace, key)
      if (text === '') return undefined
      const written = JSON.parse(wellFormedJson(text)) as { v?: unknown }
      if (typeof written.v === 'number' && written.v > planVersion) return 'newer'
      const plan = Plan.parse(written)
      known.set(key, plan, { size: text.length })
      return plan
    },
  }
}

function cacheWithin(heap: number): { count: number; characters: number } {
  const { count, characters } = limits.planCache
  return { count, characters: Math.min(characters, heap * limits.liveBytes.plans) }
}
