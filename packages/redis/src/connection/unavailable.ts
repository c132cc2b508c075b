import { LonghaulError } from '@longhaul/core'

/** Why an available Redis refuses a command: the code for programs and the message for callers. */
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
    'The task store is a Redis Cluster, and this process knows only one of its nodes. ' +
    'Its operator must begin REDIS_URL with redis+cluster://.',
  retryAfterSeconds: 10,
}
const partlyDown: Refusal = {
  reason: 'store_cluster_down',
  message:
    'A part of the task store, which is a Redis Cluster, has no primary. This passes when a failover ends; ' +
    'if it stays, the operator must bring a node back.',
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

/** By the first word of the error of Redis. */
const refusals: Record<string, Refusal> = {
  OOM: full,
  MISCONF: unsaved,
  READONLY: readOnly,
  MASTERDOWN: readOnly,
  LOADING: loading,
  NOREPLICAS: lonely,
  MOVED: cluster,
  CROSSSLOT: cluster,
  CLUSTERDOWN: partlyDown,
  TRYAGAIN: partlyDown,
  ASK: partlyDown,
  NOAUTH: denied,
  WRONGPASS: denied,
  NOPERM: denied,
  BUSY: busy,
}

/**
 * Runs a Redis call. When Redis is unavailable or refuses the call, throws an `unavailable` error that states the
 * reason, and whether the call may have taken effect.
 */
export async function guarded<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw asUnavailable(error) ?? error
  }
}

/** The error for callers when Redis is unavailable or refuses a command; undefined when the error has another cause. */
export function asUnavailable(error: unknown): LonghaulError | undefined {
  if (!(error instanceof Error)) return undefined
  if (error instanceof LonghaulError) return error.code === 'unavailable' ? error : undefined
  const refusal = refusalOf(error)
  if (refusal === undefined) return isAway(error) ? away(error) : undefined
  countRefusal(error)
  const { message, ...named } = refusal
  // An earlier one of the repeats may have been sent.
  const maybeDone = error.message.startsWith(repeated)
  return new LonghaulError('unavailable', message, { ...named, cause: error, maybeDone })
}

/** The error for a Redis that cannot be reached. */
export function away(cause?: Error): LonghaulError {
  return new LonghaulError('unavailable', 'The task store cannot be reached at the moment.', {
    cause,
    maybeDone: cause !== undefined && !notSent.test(cause.message),
  })
}

/** Whether Redis is available and refuses the command. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && refusalOf(error) !== undefined
}

/** Whether an `unavailable` error was caused by a refusal of Redis. */
export function wasRefused(error: unknown): error is LonghaulError {
  return error instanceof LonghaulError && error.code === 'unavailable' && isRefusal(error.cause)
}

/** Whether an `unavailable` error was caused by a Redis that does not answer. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof LonghaulError && error.code === 'unavailable' && !isRefusal(error.cause)
}

/** The number of commands of this process that Redis has refused, by reason. */
export const refusalCounts = new Map<string, number>()

/** Counts a refusal that did not pass through `guarded`. */
export function countRefusal(error: Error): void {
  const reason = refusalOf(error)?.reason
  if (reason !== undefined) refusalCounts.set(reason, (refusalCounts.get(reason) ?? 0) + 1)
}

/** The error of a refused transaction has a word of its own, and contains the reason in `previousErrors`. */
function refusalOf(error: Error & { previousErrors?: Error[] }): Refusal | undefined {
  const { message } = error.previousErrors?.[0] ?? error
  return refusals[
    /^(?:Too many Cluster redirections\. Last error: ReplyError: )?([A-Z]+)\b/.exec(message)?.[1] ??
      ''
  ]
}

/** How ioredis begins the error of a command that it has sent to several nodes of a cluster. */
const repeated = 'Too many Cluster redirections'

/** The error of ioredis for a command that was never written. */
const notSent = /Stream isn't writeable|Cluster isn't ready/

const connectionErrors =
  /Connection is closed|Cluster is|None of startup nodes|refresh slots cache|Too many Cluster redirections|All sentinels are unreachable|Command timed out|Stream isn't writeable|Socket timeout|max retries per request|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/i

function isAway(error: Error): boolean {
  return connectionErrors.test(
    `${error.message} ${(error as NodeJS.ErrnoException).code ?? ''} ${error.name}`,
  )
}
