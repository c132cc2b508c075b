import { type LonghaulError, rateLimited } from '../lib/errors.ts'
import { limits } from '../limits/limits.ts'
import type { SubmitPolicy } from './submit-quota.ts'

/** A refusal of a submit by limits of its workspace. */
export type SubmitRefusal = {
  /** The limits, of which at least one is there. */
  policies: SubmitPolicy[]
  /** The time until the rate of requests admits one. */
  waitMs: number
}

/** The error for a submit that limits of its workspace refuse. Nothing was stored. */
export function submitRefused(
  { policies, waitMs }: SubmitRefusal,
  random: () => number,
): LonghaulError {
  const least = Math.max(...policies.map((policy) => retryMsOf(policy, waitMs)))
  const message = policies.map((policy) => messages[policy]).join(' ')
  return rateLimited(policies, message, retryAfterSeconds(least, random))
}

/**
 * The seconds after which a refused caller may try again: not before `leastMs`, and at different times for different
 * callers.
 */
export function retryAfterSeconds(leastMs: number, random: () => number): number {
  const spreadMs = Math.max(1_000, leastMs / 2)
  return Math.min(leastMs + spreadMs * random(), limits.retryAfter) / 1_000
}

function retryMsOf(policy: SubmitPolicy, waitMs: number): number {
  if (policy === 'requests') return waitMs
  // No one knows when a place becomes free. The store of a workspace becomes smaller only slowly.
  return policy === 'queued' ? limits.retryQueued : limits.retryAfter * 0.75
}

const messages: Record<SubmitPolicy, string> = {
  requests:
    'The workspace sends more requests per second than it may: send this one again after Retry-After.',
  queued:
    'As many turns of the workspace wait for a worker as may: send the request again after Retry-After.',
  tasks:
    'The workspace keeps as many tasks as it may: delete tasks that are not needed, or wait until the retention of old ones is over.',
  bytes:
    'The tasks of the workspace have as many bytes as they may: delete tasks that are not needed, or wait until the retention of old ones is over.',
}
