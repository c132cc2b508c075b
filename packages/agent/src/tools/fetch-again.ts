import { backoff, limits } from '@longhaul/core'
import { type Egress, EgressError, type EgressReply, type EgressRequest } from '@longhaul/outbound'
import { setTimeout as sleep } from 'node:timers/promises'
import { retryAfter } from '../retry-after.ts'

/** What says that the same request may go well in a moment. */
const passing = new Set([429, 502, 503, 504])

/**
 * Makes a request, and again when it went wrong in a way that may pass: one that has reached nobody in any case,
 * any other only where it is `repeatable`. The last answer is the answer.
 */
export async function fetchAgain(
  egress: Egress,
  request: EgressRequest,
  { repeatable }: { repeatable: boolean },
): Promise<EgressReply> {
  for (let tries = 1; ; tries += 1) {
    const last = tries >= limits.toolTries
    try {
      const reply = await egress.fetch(request)
      if (last || !repeatable || !passing.has(reply.status)) return reply
      const after = retryAfter(reply.headers)
      if (after !== undefined && after > limits.toolPatience) return reply
      await wait(tries, after, request.signal)
    } catch (error) {
      if (last || !(error instanceof EgressError) || !mayPass(error, repeatable)) throw error
      await wait(tries, undefined, request.signal)
    }
  }
}

function mayPass({ reason, sent }: EgressError, repeatable: boolean): boolean {
  if (reason === 'unreachable') return repeatable || !sent
  return reason === 'broken' && repeatable
}

async function wait(tries: number, after: number | undefined, signal: AbortSignal): Promise<void> {
  await sleep(backoff(tries, after, Math.random()), undefined, { signal }).catch(() =>
    signal.throwIfAborted(),
  )
}
