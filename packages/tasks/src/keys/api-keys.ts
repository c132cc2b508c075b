import { timingSafeEqual } from 'node:crypto'
import { createUnknownKeys, limits, LonghaulError } from '@longhaul/core'
import type { UnknownKeys, KeyStore, StoredKey } from '@longhaul/core'
import { sha256 } from '../lib/sha256.ts'
import { createShortLivedCache } from '../lib/short-lived-cache.ts'

export type Keys = ReturnType<typeof createKeys>

/** The sender of a request: its workspace, and the public id of its key. */
export type KeyHolder = { workspace: string; keyId: string }

/** How long a revoked key may still work, and how many keys are cached, including wrong ones. */
const cacheBounds = { lifetime: limits.remembered.time, size: limits.remembered.keys }

/** How long an older process waits for a newer one to restore a lost list, milliseconds. */
const newerFirst = limits.newerKeysFirst

/** An unknown key is compared with this, so that the check takes as long as that of a known key. */
const noHolder = { workspace: undefined, hash: '0'.repeat(64) }

type Options = {
  keys: KeyStore
  /** The keys of this process's environment. Throws `invalid` when they cannot be a list of keys. */
  list: { workspace: string; key: string }[]
  now: () => number
  /** Counts unknown keys by address. */
  unknownKeys?: UnknownKeys
}

/** The verbs on API keys. Memory and store hold only hashes of keys. */
export function createKeys({ keys, list, now, unknownKeys = createUnknownKeys({ now }) }: Options) {
  const stored = list.map(toStore)
  refuseSameIds(stored)
  const ownHashes = new Set(stored.map(({ hash }) => hash))
  const known = createShortLivedCache<KeyHolder | undefined>({ ...cacheBounds, now })
  let own: number | undefined
  /** The latest generation that this process has seen in the store, including its own. */
  let newest = 0
  let lostSince: number | undefined

  return {
    /**
     * The holder of a key; undefined when the key is unknown. Rejects with unavailable when the store cannot be asked,
     * and with rate_limited when too many unknown keys came from the address, if there is one. This limit does not
     * apply to the keys of this process's environment.
     */
    async authenticate(bearer: string, address?: string): Promise<KeyHolder | undefined> {
      if (!isKey(bearer)) return undefined
      const hash = sha256(bearer)
      if (address !== undefined && !ownHashes.has(hash)) unknownKeys.refuse(address, hash)
      return await known.get(hash, async () => {
        const keyId = idOf(bearer, hash)
        const { workspace, hash: expected } = (await keys.find(keyId)) ?? noHolder
        const matches = timingSafeEqual(Buffer.from(hash), Buffer.from(expected))
        if (matches && workspace !== undefined) {
          unknownKeys.valid(hash)
          return { workspace, keyId }
        }
        if (await isLost()) throw lost()
        if (address !== undefined) unknownKeys.unknown(address, hash)
        return undefined
      })
    },

    /**
     * Stores the keys of this process's environment, which replace those of earlier processes. After a process that
     * started later has called, calls of this process change nothing. When the list of a newer process was lost, this
     * rejects with unavailable for a short time, so that the newer process restores it.
     */
    async restore(): Promise<void> {
      known.clear()
      if (own === undefined) newest = own = await keys.nextGeneration()
      const isSuperseded = newest > own
      if (isSuperseded && (await keys.generation()) < newest) {
        lostSince ??= now()
        if (now() < lostSince + newerFirst) {
          throw lost()
        }
      }
      lostSince = undefined
      newest = (await keys.bootstrap(stored, own)) ? own : await keys.generation()
      known.clear()
    },

    isLost,
  }

  /** Whether Redis has lost the newest list that this process knows: `restore` is needed. */
  async function isLost(): Promise<boolean> {
    const present = await keys.generation()
    newest = Math.max(newest, present)
    return present < newest
  }
}

function lost(): LonghaulError {
  return new LonghaulError('unavailable', 'Redis has lost the API keys. They are being restored.')
}

function toStore({ workspace, key }: { workspace: string; key: string }, i: number): StoredKey {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(workspace)) {
    throw new LonghaulError('invalid', `API key ${i + 1}: a workspace is 1 to 64 of A-Za-z0-9_-`)
  }
  if (!isKey(key)) {
    throw new LonghaulError(
      'invalid',
      `API key ${i + 1}: a key is 16 to 256 visible ASCII characters without a comma`,
    )
  }
  const hash = sha256(key)
  return { id: idOf(key, hash), workspace, hash }
}

function refuseSameIds(stored: StoredKey[]): void {
  for (const [i, { id, workspace }] of stored.entries()) {
    const first = stored.findIndex((other) => other.id === id)
    if (first === i) continue
    const where = `API keys ${first + 1} (${stored[first]?.workspace}) and ${i + 1} (${workspace})`
    throw new LonghaulError(
      'invalid',
      `${where} have the same public id ${id}: give each key an id of its own`,
    )
  }
}

function isKey(text: string): boolean {
  return /^[\x21-\x2b\x2d-\x7e]{16,256}$/.test(text)
}

/**
 * The public part of `lh_<id>_<secret>`; for any other key, the beginning of its hash. An id has at least 12
 * characters, so it never equals the name of another key in the store.
 */
function idOf(key: string, hash: string): string {
  return /^lh_([A-Za-z0-9]{12,64})_./.exec(key)?.[1] ?? hash.slice(0, 16)
}
