import { hash as digest, timingSafeEqual } from 'node:crypto'
import { LonghaulError } from '@longhaul/core'
import type { KeyStore, StoredKey } from '@longhaul/core'
import { createBriefCache } from './brief-cache.ts'

export type Keys = ReturnType<typeof createKeys>

/** How long a revoked key may still work, and how many keys are remembered, wrong ones among them. */
const remembered = { lifetime: 1_000, size: 10_000 }

/** Compared with when a key is unknown, so that this takes as long. */
const nobody = { workspace: undefined, hash: '0'.repeat(64) }

/** The verbs on API keys. Only hashes of keys are kept, in memory as in the store. */
export function createKeys({ keys, now }: { keys: KeyStore; now: () => number }) {
  const known = createBriefCache<{ workspace: string } | undefined>({ ...remembered, now })

  return {
    /** Whose key it is; undefined when it is nobody's. Rejects with unavailable when that cannot be told. */
    async authenticate(bearer: string): Promise<{ workspace: string } | undefined> {
      if (!isKey(bearer)) return undefined
      const hash = sha256(bearer)
      return await known.get(hash, async () => {
        const { workspace, hash: expected } = (await keys.find(idOf(bearer, hash))) ?? nobody
        const matches = timingSafeEqual(Buffer.from(hash), Buffer.from(expected))
        return matches && workspace !== undefined ? { workspace } : undefined
      })
    },

    /** Makes the given keys, and no others, those that come from the environment. */
    async bootstrap(list: { workspace: string; key: string }[]): Promise<void> {
      const stored = list.map(toStore)
      if (new Set(stored.map(({ id }) => id)).size !== stored.length) {
        throw new LonghaulError('invalid', 'two API keys are the same or have the same public id')
      }
      await keys.bootstrap(stored)
      known.clear()
    },

    /** For when anything may have changed. */
    clear: () => known.clear(),
  }
}

function toStore({ workspace, key }: { workspace: string; key: string }, i: number): StoredKey {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(workspace)) {
    throw new LonghaulError('invalid', `API key ${i + 1}: a workspace is 1 to 64 of A-Za-z0-9_-`)
  }
  if (!isKey(key)) {
    throw new LonghaulError(
      'invalid',
      `API key ${i + 1}: a key is 1 to 256 visible ASCII characters without a comma`,
    )
  }
  const hash = sha256(key)
  return { id: idOf(key, hash), workspace, hash }
}

function isKey(text: string): boolean {
  return /^[\x21-\x2b\x2d-\x7e]{1,256}$/.test(text)
}

/**
 * The public part of `lh_<id>_<secret>`; the beginning of any other key's hash. Ids are at least 12 long,
 * and so never meet the names of the store's other keys.
 */
function idOf(key: string, hash: string): string {
  return /^lh_([A-Za-z0-9]{12,64})_./.exec(key)?.[1] ?? hash.slice(0, 16)
}

function sha256(text: string): string {
  return digest('sha256', text)
}
