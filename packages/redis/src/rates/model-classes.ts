import { modelClassOf, type ModelRates } from '@longhaul/core'
import { LRUCache } from 'lru-cache'
import type { Redis } from 'ioredis'
import { shardKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { workspaceRates } from '../lua/default-limits.ts'
import { keyHash } from '../queue/key-hash.ts'

/** How long the rates of a workspace are used before they are read again, milliseconds. */
const freshMs = 1_000

export type ModelClasses = ReturnType<typeof createModelClasses>

/**
 * The classes of models, in the short form of names of keys. A submission does not wait for the rates of its workspace:
 * it uses those that were read last, and they are read again in the background. A turn with an outdated class is only
 * claimed once more.
 */
export function createModelClasses(redis: Redis, operator: ModelRates) {
  const cached = new LRUCache<string, { rates: ModelRates; readAt: number }>({ max: 10_000 })

  function ratesOf(workspace: string, shard: number): ModelRates {
    const found = cached.get(workspace)
    if (found !== undefined && performance.now() < found.readAt + freshMs) return found.rates
    const rates = found?.rates ?? workspaceRates()
    cached.set(workspace, { rates, readAt: performance.now() })
    refresh(workspace, shard).catch(() => {})
    return rates
  }

  async function refresh(workspace: string, shard: number): Promise<void> {
    cached.set(workspace, { rates: await read(workspace, shard), readAt: performance.now() })
  }

  async function read(workspace: string, shard: number): Promise<ModelRates> {
    const stored = await guarded(() =>
      redis.hget(shardKeys(shard).workspaceState(workspace), 'limit:models'),
    )
    return workspaceRates(stored ?? undefined)
  }

  /** The rates that were read last. */
  const known = (workspace: string, shard: number) => ({
    operator,
    workspace: ratesOf(workspace, shard),
  })

  return {
    /** The class of a model; '' for a model without a rate. */
    of(model: string, workspace: string, shard: number): string {
      return keyHash(modelClassOf(model, workspace, known(workspace, shard)) ?? '')
    },

    known,

    /** The rates that apply to a call now. */
    tables: async (workspace: string, shard: number) => ({
      operator,
      workspace: await read(workspace, shard),
    }),
  }
}
