import type { Redis } from 'ioredis'
import { apiKeys, installationMark, namespace } from './keys.ts'
import { claimNamespaceScript } from '../lua/admin/claim-namespace.ts'
import { runScript } from '../lua/run-script.ts'
import { guarded } from './unavailable.ts'

/** The mark of a namespace that an operator has released. The next installation that starts takes it. */
const free = 'free'

/**
 * The installation of a process. The id is derived from its secret key, which all processes of an installation share,
 * and which stays when the list of API keys changes. An API process also knows its workspaces.
 */
export type Installation = { id: string | undefined; workspaces?: string[] }

/**
 * Why a process must not use its namespace; undefined when it may. A namespace without a mark is marked with the
 * installation's id. When there is no mark (an installation without a secret key, or data of an earlier version), an
 * API process that knows none of the workspaces is refused: it would revoke all keys of another installation. Only a
 * process that starts (`starting`) takes a released namespace.
 */
export async function claimNamespace(
  redis: Redis,
  { id, workspaces }: Installation,
  { starting }: { starting: boolean },
): Promise<string | undefined> {
  const mark = await guarded(() => redis.get(installationMark()))
  if (mark === null) {
    // The API process that manages the keys of a namespace decides to whom it belongs.
    if (workspaces === undefined && (id === undefined || (await hasKeys(redis)))) return undefined
    if (workspaces !== undefined && (await areOthers(redis, workspaces))) return otherWorkspaces()
  } else if (mark !== free) {
    const isOwn = id === undefined ? await isTrusted(redis, workspaces) : mark === id
    return isOwn ? undefined : otherInstallation(mark, id)
  } else if (!starting || (id === undefined && workspaces === undefined)) {
    return undefined
  }
  const keys = { installationMark: installationMark() }
  const values = { installation: id, mayTakeFree: starting }
  const owner = await runScript(redis, claimNamespaceScript.call(keys, values))
  return owner === (id ?? '') || owner === free ? undefined : otherInstallation(owner, id)
}

/** Whether another installation has taken the namespace. */
export async function isTaken(redis: Redis, { id }: Installation): Promise<boolean> {
  const mark = await guarded(() => redis.get(installationMark()))
  return mark !== null && mark !== free && id !== undefined && mark !== id
}

/**
 * Whether a process without a secret key may use a marked namespace. A worker may, because it stores no API keys; an
 * API process may if it knows one of the workspaces.
 */
async function isTrusted(redis: Redis, workspaces: string[] | undefined): Promise<boolean> {
  return (
    workspaces === undefined ||
    (await knownWorkspaces(redis)).some((one) => workspaces.includes(one))
  )
}

async function hasKeys(redis: Redis): Promise<boolean> {
  return (await guarded(() => redis.scard(apiKeys.bootstrap))) > 0
}

/** Whether the namespace has API keys, none of which belongs to these workspaces. */
async function areOthers(redis: Redis, workspaces: string[]): Promise<boolean> {
  const known = await knownWorkspaces(redis)
  return known.length > 0 && !known.some((one) => workspaces.includes(one))
}

async function knownWorkspaces(redis: Redis): Promise<string[]> {
  const ids = await guarded(() => redis.smembers(apiKeys.bootstrap))
  const found = await guarded(() =>
    Promise.all(ids.map((id) => redis.hget(apiKeys.key(id), 'workspace'))),
  )
  return found.map((one) => one ?? '')
}

const remedy =
  'or set LONGHAUL_NAMESPACE to a name that no other installation uses on this Redis. ' +
  'docs/operate/redis.md says how to take a namespace over after a restore'

function otherInstallation(mark: string, id: string | undefined): string {
  const own = id === undefined ? 'LONGHAUL_SECRET_KEY is not set' : `this one has ${id}`
  return `The namespace ${namespace()} of this Redis belongs to an installation whose secret key has the id ${mark} (${own}): set LONGHAUL_SECRET_KEY to the key of that installation if this process is part of it, ${remedy}`
}

function otherWorkspaces(): string {
  return `The namespace ${namespace()} of this Redis has API keys, and none of a workspace of LONGHAUL_API_KEYS, so it seems to belong to another installation: keep one of its workspaces in LONGHAUL_API_KEYS if this process is part of it, ${remedy}`
}
