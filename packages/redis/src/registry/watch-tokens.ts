import { limits, type Watchable, type WatchTokens, workspaceFull } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { apiKeys } from '../connection/keys.ts'
import { loadScript, runScript } from '../connection/script.ts'
import { guarded } from '../connection/unavailable.ts'

const script = loadScript('registry/put-watch-token')

/** Watch tokens by their hashes, each until it expires. */
export function createWatchTokens(
  redis: Redis,
  { watchTokens: most }: { watchTokens: number } = limits.workspace,
): WatchTokens {
  return {
    async put(hash, opens, ms) {
      const keys = [apiKeys.watchToken(hash), apiKeys.watchTokens(opens.workspace)]
      const stored = await runScript(redis, script, keys, [JSON.stringify(opens), ms, hash, most])
      if (stored === 0) throw workspaceFull('watch_tokens')
    },

    async find(hash) {
      const opens = await guarded(() => redis.get(apiKeys.watchToken(hash)))
      return opens === null ? undefined : (JSON.parse(opens) as Watchable)
    },
  }
}
