import { timingSafeEqual } from 'node:crypto'
import { createUnknownKeys, limits, LonghaulError } from '@longhaul/core'
import type { UnknownKeys, KeyStore, StoredKey } from '@longhaul/core'
import { sha256 } from '../lib/sha256.ts'
import { createBriefCache } from '../lib/short-lived-cache.ts'

export type Keys = ReturnType<typeof createKeys>

/** Who sent a request: its workspace, and the public id of its key. */
export type KeyHolder = { workspace: string; keyId: string }

/** How long a revoked key may still work, and how many keys are remembered, wrong ones among them. */
const remembered = { lifetime: limits.remembered.time, size: limits.remembered.keys }

/** How long an older process leaves the restoring of a lost list to a newer one, milliseconds. */
const newerFirst = limits.newerKeysFirst

/** Compared with when a key is unknown, so that this takes as long. */
const nobody = { workspace: undefined, hash: '0'.repeat(64) }

type Options = {
  keys: KeyStore
  /** The keys of this process's environment. Throws `invalid` when they cannot be a list of keys. */
  list: { workspace: string; key: string }[]
  now: () => number
  /** How many unknown keys came from where. */
  unknownKeys?: UnknownKeys
}

/** The verbs on API keys. Only hashes of keys are kept, in memory as in the store. */
export function createKeys({ keys, list, now, unknownKeys = createUnknownKeys({ now }) }: Options) {
  const stored = list.map(toStore)
  refuseSameIds(stored)
  const ownHashes = new Set(stored.map(({ hash }) => hash))
  const known = createBriefCache<KeyHolder | undefined>({ ...remembered, now })
  let own: number | undefined
  /** The latest generation that this process has seen in the store, its own included. */
  let newest = 0
  let lostSince: number | undefined

  return {
    /**
     * The holder of a key; undefined when there is none. Rejects with unavailable when that is not known, and with
     * rate_limited when too many unknown keys came from the address, where one is given. This process's own keys pass.
     */
    async authenticate(bearer: string, address?: string): Promise<KeyHolder | undefined> {
      if (!isKey(bearer)) return undefined
      const hash = sha256(bearer)
      if (address !== undefined && !ownHashes.has(hash)) unknownKeys.refuse(address, hash)
      return await known.get(hash, async () => {
        const keyId = idOf(bearer, hash)
        const { workspace, hash: expected } = (await keys.find(keyId)) ?? nobody
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
     * Makes the keys of the newest process the only ones from the environment. This process's are, from its
     * first call on, until a process that started later has called. Rejects with unavailable, for a moment,
     * when the list of a newer process was lost: that process shall restore it.
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
 * The public part of `lh_<id>_<secret>`; the beginning of any other key's hash. Ids are at least 12 long,
 * and so never meet the names of the store's other keys.
 */
function idOf(key: string, hash: string): string {
  return /^lh_([A-Za-z0-9]{12,64})_./.exec(key)?.[1] ?? hash.slice(0, 16)
}
