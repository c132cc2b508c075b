import { limits, LonghaulError } from '@longhaul/core'
import type { Registered, Registry } from '@longhaul/core'
import { canonicalJson } from '../lib/canonical-json.ts'
import { nextVersion } from './next-version.ts'
import type { Versioning } from './next-version.ts'

/** How often a change is tried again after a concurrent change. */
const attempts = limits.changeTries

type Options<T> = {
  /** The name of this kind of item: Agent, Tool. */
  what: string
  now: () => number
  /** Makes the new item from the current one. */
  change: (current: T) => T | Promise<T>
} & Versioning

/**
 * Gives an item a new version. A change without effect makes no version, unless a version increment is named. Rejects
 * with not_found, conflict (the new key is taken, or concurrent changes do not end), too_large.
 */
export async function changeRegistered<T extends Registered>(
  registry: Registry<T>,
  { workspace, ref }: { workspace: string; ref: string },
  { what, now, change, versionIncrement, versionDescription }: Options<T>,
): Promise<T> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const current = await registry.get(workspace, ref)
    if (current === undefined) throw notFound(what, ref)
    const changed = await change(current)
    const described = versionDescription !== undefined || versionIncrement !== undefined
    if (!described && canonicalJson(changed) === canonicalJson(current)) return current

    const version = nextVersion(current.version, versionIncrement)
    const next = { ...changed, version, versionDescription, updatedAt: now() }
    refuseLarge(next, what)
    switch (await registry.update(workspace, next, current.version)) {
      case 'updated':
        return next
      case 'taken':
        throw alreadyExists(what, next.key)
      case 'not_found':
        throw notFound(what, ref)
      case 'stale':
    }
  }
  throw new LonghaulError('conflict', `${what} ${ref} is being changed by others: try again`)
}

export function refuseLarge(item: Registered, what: string) {
  const size = Buffer.byteLength(JSON.stringify(item))
  if (size <= limits.definition) return
  throw new LonghaulError(
    'too_large',
    `${what} ${item.key} is larger than ${limits.definition} bytes`,
  )
}

export function notFound(what: string, ref: string): LonghaulError {
  return new LonghaulError('not_found', `${what} ${ref} not found`)
}

export function alreadyExists(what: string, key: string): LonghaulError {
  return new LonghaulError('conflict', `${what} with key ${key} already exists`)
}
