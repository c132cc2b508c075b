import { limits, type WatchTokens, workspaceFull } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { apiKeys } from '../connection/keys.ts'
import { object, text } from '../connection/parser.ts'
import { guarded } from '../connection/unavailable.ts'
import { putWatchTokenScript } from '../lua/registry/put-watch-token.ts'
import { runScript } from '../lua/run-script.ts'

const watchable = object({ workspace: text, agentId: text, taskId: text })

/** Watch tokens in Redis, by hash, each until it expires. */
export function createWatchTokens(
  redis: Redis,
  { watchTokens: most }: { watchTokens: number } = limits.workspace,
): WatchTokens {
  return {
    async put(hash, opens, ms) {
      const call = putWatchTokenScript.call(
        {
          watchToken: apiKeys.watchToken(hash),
          watchTokens: apiKeys.watchTokens(opens.workspace),
        },
        { opens: JSON.stringify(opens), validMs: ms, hash, maxTokens: most },
      )
      const isStored = await runScript(redis, call)
      if (!isStored) throw workspaceFull('watch_tokens')
    },

    async find(hash) {
      const opens = await guarded(() => redis.get(apiKeys.watchToken(hash)))
      return opens === null ? undefined : watchable(JSON.parse(opens))
    },
  }
}
