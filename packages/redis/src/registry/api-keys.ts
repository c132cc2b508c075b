import type { KeyStore, StoredKey } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { apiKeys } from '../connection/keys.ts'
import { guarded } from '../connection/unavailable.ts'
import { bootstrapKeysScript } from '../lua/registry/bootstrap-keys.ts'
import { runScript } from '../lua/run-script.ts'

/** API keys by their public ids, as hashes, and the set of those that came from the environment. */
export function createKeyStore(redis: Redis): KeyStore {
  const generation = async () => Number((await guarded(() => redis.get(apiKeys.generation))) ?? 0)
  return {
    async find(id) {
      const { workspace, hash } = await guarded(() => redis.hgetall(apiKeys.key(id)))
      return workspace === undefined || hash === undefined ? undefined : { id, workspace, hash }
    },

    generation,

    async nextGeneration() {
      const [stored, [seconds, micros]] = await Promise.all([
        generation(),
        guarded(() => redis.time()),
      ])
      // When the clock was set back, a new process must still be newer than the last one.
      return Math.max(Number(seconds) * 1_000_000 + Number(micros), stored + 1)
    },

    async bootstrap(keys, ownGeneration) {
      // Another process may bootstrap at the same time. Each round then reads its result.
      for (;;) {
        const outcome = await bootstrapOnce(redis, keys, ownGeneration)
        if (outcome !== 'stale') return outcome === 'ok'
      }
    },
  }
}

async function bootstrapOnce(
  redis: Redis,
  keys: StoredKey[],
  ownGeneration: number,
): Promise<'ok' | 'stale' | 'superseded'> {
  const present = await guarded(() => redis.smembers(apiKeys.bootstrap))
  const wanted = new Set(keys.map(({ id }) => id))
  const gone = present.filter((id) => !wanted.has(id))
  const call = bootstrapKeysScript.call(apiKeys, {
    ownGeneration,
    written: keys.map((key) => ({ ...key, key: apiKeys.key(key.id) })),
    removed: gone.map((id) => ({ id, key: apiKeys.key(id) })),
  })
  return await runScript(redis, call)
}
