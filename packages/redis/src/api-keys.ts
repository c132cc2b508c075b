import type { KeyStore, StoredKey } from '@longhaul/core'
import type { Redis } from 'ioredis'
import { apiKeys } from './keys.ts'
import { loadScript, runScript } from './script.ts'
import { guarded } from './unavailable.ts'

const script = loadScript('keys-bootstrap')

/** API keys by their public ids, hashed; and which of them came from the environment. */
export function createKeyStore(redis: Redis): KeyStore {
  return {
    async find(id) {
      const { workspace, hash } = await guarded(() => redis.hgetall(apiKeys.key(id)))
      return workspace === undefined || hash === undefined ? undefined : { id, workspace, hash }
    },

    async bootstrap(keys) {
      // Another process may bootstrap at the same time; each round then sees what it left.
      while (!(await bootstrapOnce(redis, keys)));
    },
  }
}

async function bootstrapOnce(redis: Redis, keys: StoredKey[]): Promise<boolean> {
  const present = await guarded(() => redis.smembers(apiKeys.bootstrap))
  const kept = new Set(keys.map(({ id }) => id))
  const gone = present.filter((id) => !kept.has(id))
  const outcome = await runScript(
    redis,
    script,
    [apiKeys.bootstrap, ...[...keys.map(({ id }) => id), ...gone].map(apiKeys.key)],
    [keys.length, ...keys.flatMap(({ id, workspace, hash }) => [id, workspace, hash]), ...gone],
  )
  return outcome === 'ok'
}
