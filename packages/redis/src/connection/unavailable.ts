import { LonghaulError } from '@longhaul/core'

/** Why Redis is there and does not do what it is asked: the code in the error's place, and what its caller reads. */
type Refusal = { reason: string; message: string; retryAfterSeconds?: number }

const full: Refusal = {
  reason: 'store_full',
  message:
    'The task store is full and takes no new work. Reading, cancelling and deleting work. ' +
    'Its operator must raise the memory limit of Redis; deleted and expired tasks make room, too.',
  retryAfterSeconds: 10,
}
const unsaved: Refusal = {
  reason: 'store_cannot_save',
  message:
    'The task store cannot save to its disk and takes no writes. Reading works. ' +
    'Its operator must look at the disk and at the log of Redis.',
  retryAfterSeconds: 10,
}
const readOnly: Refusal = {
  reason: 'store_read_only',
  message:
    'The task store is a replica and takes no writes. This passes when a failover ends; ' +
    'if it stays, the operator must lead Longhaul to the primary.',
}
const loading: Refusal = {
  reason: 'store_loading',
  message: 'The task store has been started and loads its data.',
}
const lonely: Refusal = {
  reason: 'store_lacks_replicas',
  message:
    'The task store has fewer replicas than it must have, and takes no writes. Reading works. ' +
    'Its operator must bring replicas back.',
  retryAfterSeconds: 10,
}
const cluster: Refusal = {
  reason: 'store_is_cluster',
  message:
    'The task store is a node of a Redis Cluster, which is not supported. ' +
    'Its operator must provide a single primary.',
  retryAfterSeconds: 10,
}
const denied: Refusal = {
  reason: 'store_denies_access',
  message:
    'The task store denies access. ' +
    'The operator must check the user, the password and the rights that Longhaul has in Redis.',
  retryAfterSeconds: 10,
}
const busy: Refusal = {
  reason: 'store_busy',
  message: 'The task store is busy with a script that runs for too long.',
}

/** By the word with which Redis begins its refusal. */
const refusals: Record<string, Refusal> = {
  OOM: full,
  MISCONF: unsaved,
  READONLY: readOnly,
  MASTERDOWN: readOnly,
  LOADING: loading,
  NOREPLICAS: lonely,
  MOVED: cluster,
  ASK: cluster,
  CROSSSLOT: cluster,
  CLUSTERDOWN: cluster,
  TRYAGAIN: cluster,
  NOAUTH: denied,
  WRONGPASS: denied,
  NOPERM: denied,
  BUSY: busy,
}

/**
 * Runs a Redis call. A Redis that is away or refuses becomes one `unavailable` error, which says why, and whether the
 * call may have had its effect.
 */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw asUnavailable(error) ?? error
  }
}

/** The error for callers when Redis is away or refuses; undefined when the error has another cause. */
export function asUnavailable(error: unknown): LonghaulError | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof LonghaulError) return error.code === 'unavailable' ? error : undefined
  const refusal = refusalOf(error)
  if (refusal === undefined) return isAway(error) ? away(error) : undefined
  countRefusal(error)
  const { message, ...named } = refusal
  return new LonghaulError('unavailable', message, { ...named, cause: error })
}

/** Redis cannot be reached. */
export function away(cause?: Error): LonghaulError {
  return new LonghaulError('unavailable', 'The task store cannot be reached at the moment.', {
    cause,
    maybeDone: cause !== undefined && !notSent.test(cause.message),
  })
}

/** Whether Redis is there and will not do it: not now, or not for us. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && refusalOf(error) !== undefined
}

/** Whether Redis was there and would not do what was asked of it. */
export function wasRefused(error: unknown): error is LonghaulError {
  return error instanceof LonghaulError && error.code === 'unavailable' && isRefusal(error.cause)
}

/** How often Redis has refused something that this process asked for, by why. */
export const refusalCounts = new Map<string, number>()

/** Counts a refusal that no call of `guarded` has met. */
export function countRefusal(error: Error): void {
  const reason = refusalOf(error)?.reason
  if (reason !== undefined) refusalCounts.set(reason, (refusalCounts.get(reason) ?? 0) + 1)
}

/** A transaction is refused with a word of its own, and has the reason with it. */
function refusalOf(error: Error & { previousErrors?: Error[] }): Refusal | undefined {
  const { message } = error.previousErrors?.[0] ?? error
  return refusals[/^[A-Z]+\b/.exec(message)?.[0] ?? '']
}

/** What ioredis says of a command that it has never written. */
const notSent = /Stream isn't writeable/

const connectionTrouble =
  /Connection is closed|Command timed out|Stream isn't writeable|Socket timeout|max retries per request|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/i

function isAway(error: Error): boolean {
  return connectionTrouble.test(
    `${error.message} ${(error as NodeJS.ErrnoException).code ?? ''} ${error.name}`,
  )
}
