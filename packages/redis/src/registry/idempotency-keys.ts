import { type IdempotencyKeys, limits } from '@longhaul/core'
import { hash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { workspaceKeys } from '../connection/keys.ts'
import { maybe, number, object, text } from '../connection/parser.ts'
import { adoptIdempotencyKeyScript } from '../lua/registry/adopt-idempotency-key.ts'
import { releaseIdempotencyKeyScript } from '../lua/registry/release-idempotency-key.ts'
import { runScript } from '../lua/run-script.ts'
import { guarded } from '../connection/unavailable.ts'

/** Idempotency keys in Redis, each a string that only its first request writes. */
export function createIdempotencyKeys(redis: Redis): IdempotencyKeys {
  return {
    async find(workspace, key) {
      const bound = await guarded(() => redis.get(idempotencyName(workspace, key)))
      return bound === null ? undefined : boundRequest(JSON.parse(bound))
    },

    async bind(workspace, key, request) {
      const name = idempotencyName(workspace, key)
      const value = JSON.stringify(request)
      const earlier = await guarded(() =>
        redis.set(name, value, 'PX', limits.idempotency, 'NX', 'GET'),
      )
      return earlier === null ? request : boundRequest(JSON.parse(earlier))
    },

    async adopt(workspace, key, { requestId }) {
      const keys = { idempotencyKey: idempotencyName(workspace, key) }
      return await runScript(redis, adoptIdempotencyKeyScript.call(keys, { requestId }))
    },

    async release(workspace, key, { requestId }) {
      const keys = { idempotencyKey: idempotencyName(workspace, key) }
      await runScript(redis, releaseIdempotencyKeyScript.call(keys, { requestId }))
    },
  }
}

const boundRequest = object({
  taskId: text,
  requestId: text,
  after: number,
  fingerprint: text,
  fork: maybe(text),
})

/** The Redis key, whose length does not depend on the idempotency key. */
export function idempotencyName(workspace: string, key: string): string {
  return workspaceKeys(workspace).idempotency(hash('sha256', key))
}
