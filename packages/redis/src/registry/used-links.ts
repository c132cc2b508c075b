import type { UsedLinks } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { apiKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'

/** The used sign-in links in Redis. */
export function createUsedLinks(redis: Redis): UsedLinks {
  return {
    async use(hash, ms) {
      const stored = await guarded(() => redis.set(apiKeys.usedLink(hash), '1', 'PX', ms, 'NX'))
      return stored === 'OK'
    },
  }
}
