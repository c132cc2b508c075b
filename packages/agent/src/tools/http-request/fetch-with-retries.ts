import { backoff, limits } from '@longhaul/core'
import { type Egress, EgressError, type EgressReply, type EgressRequest } from '@longhaul/outbound'
import { setTimeout as sleep } from 'node:timers/promises'
import { retryAfter } from '../../retry-after.ts'

/** Statuses after which the same request may soon succeed. */
const temporary = new Set([429, 502, 503, 504])

/**
 * Makes a request, and retries it after a temporary failure: always when the request reached no server, otherwise only
 * when it is `repeatable`. All tries share the time limit of the request. After the last try, or when the time is too
 * short for another one, the last outcome is the result.
 */
export async function fetchWithRetries(
  egress: Egress,
  request: EgressRequest,
  { repeatable }: { repeatable: boolean },
): Promise<EgressReply> {
  const until = performance.now() + request.timeoutMs
  for (let tries = 1; ; tries += 1) {
    const timeoutMs = Math.max(1, Math.round(until - performance.now()))
    const outcome = await egress.fetch({ ...request, timeoutMs }).then(answered, failed)
    const pause = pauseAfter(outcome, { tries, repeatable })
    if (pause === undefined || performance.now() + pause >= until) {
      if ('error' in outcome) throw outcome.error
      return outcome.reply
    }
    await sleep(pause, undefined, { signal: request.signal }).catch(() =>
      request.signal.throwIfAborted(),
    )
  }
}

type Outcome = { reply: EgressReply } | { error: unknown }

function answered(reply: EgressReply): Outcome {
  return { reply }
}

function failed(error: unknown): Outcome {
  return { error }
}

/** Milliseconds before the next try; undefined when there is none. */
function pauseAfter(
  outcome: Outcome,
  { tries, repeatable }: { tries: number; repeatable: boolean },
): number | undefined {
  if (tries >= limits.toolTries) return undefined
  if ('error' in outcome) {
    return mayPass(outcome.error, repeatable) ? backoff(tries, undefined, Math.random()) : undefined
  }
  const { status, headers } = outcome.reply
  if (!repeatable || !temporary.has(status)) return undefined
  const asked = retryAfter(headers)
  if (asked !== undefined && asked > limits.toolPatience) return undefined
  return backoff(tries, asked, Math.random())
}

function mayPass(error: unknown, repeatable: boolean): boolean {
  if (!(error instanceof EgressError)) return false
  if (error.reason === 'unreachable') return repeatable || !error.sent
  return error.reason === 'broken' && repeatable
}
