import { type BoundRequest, type IdempotencyKeys, limits } from '@longhaul/core'
import { hash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { workspaceKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'

/** Idempotency keys, each a string that only its first request writes. */
export function createIdempotencyKeys(redis: Redis): IdempotencyKeys {
  return {
    async find(workspace, key) {
      const bound = await guarded(() => redis.get(nameOf(workspace, key)))
      return bound === null ? undefined : (JSON.parse(bound) as BoundRequest)
    },

    async bind(workspace, key, request) {
      const name = nameOf(workspace, key)
      const value = JSON.stringify(request)
      const earlier = await guarded(() =>
        redis.set(name, value, 'PX', limits.idempotency, 'NX', 'GET'),
      )
      return earlier === null ? request : (JSON.parse(earlier) as BoundRequest)
    },
  }
}

/** Of one length, however long the key is. */
function nameOf(workspace: string, key: string): string {
  return workspaceKeys(workspace).idempotency(hash('sha256', key))
}
