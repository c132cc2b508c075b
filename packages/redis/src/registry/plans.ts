import { limits, Plan, planVersion, wellFormedJson, workspaceFull } from '@longhaul/core'
import type { PlanStore } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { LRUCache } from 'lru-cache'
import { workspaceKeys } from '../connection/keys.ts'
import { toStored } from '../log/to-stored.ts'
import { type Bulk, createTransfers } from '../connection/transfers.ts'
import { guarded } from '../connection/unavailable.ts'
import { keepPlanScript } from '../lua/registry/keep-plan.ts'

/** Plans as JSON under their hash. To put one twice is as once. */
export function createPlanStore(
  redis: Redis,
  {
    bulk,
    planBytes: most = limits.workspace.planBytes,
    heap = Infinity,
    kept = keptWithin(heap),
  }: {
    bulk?: Bulk
    planBytes?: number
    /** Bytes of the process's heap. */
    heap?: number
    kept?: { count: number; characters: number }
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

  // A plan never changes, so what is remembered stays true. Most turns run one of a few.
  const known = new LRUCache<string, Plan>({
    max: kept.count,
    maxSize: Math.max(1, Math.floor(kept.characters)),
  })

  /** One command for a small plan: only a large one fills the first piece. */
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
      const met = known.get(key)
      if (met !== undefined) return met
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

function keptWithin(heap: number): { count: number; characters: number } {
  const { count, characters } = limits.planCache
  return { count, characters: Math.min(characters, heap * limits.liveBytes.plans) }
}
