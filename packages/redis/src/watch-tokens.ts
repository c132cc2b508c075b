import type { Watchable, WatchTokens } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { apiKeys } from './keys.ts'
import { guarded } from './unavailable.ts'

/** Watch tokens by their hashes, each until it expires. */
export function createWatchTokens(redis: Redis): WatchTokens {
  return {
    async put(hash, opens, ms) {
      await guarded(() => redis.set(apiKeys.watchToken(hash), JSON.stringify(opens), 'PX', ms))
    },

    async find(hash) {
      const opens = await guarded(() => redis.get(apiKeys.watchToken(hash)))
      return opens === null ? undefined : (JSON.parse(opens) as Watchable)
    },
  }
}
