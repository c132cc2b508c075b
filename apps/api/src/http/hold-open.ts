import type { StreamHolder } from '@longhaul/core'
import type { Response } from 'express'
import { identityOf, type Principal } from '../auth/principal.ts'
import { abortOnDisconnect, isGone } from './abort-on-disconnect.ts'
import type { Deps } from '../deps.ts'

/**
 * For a request that stays open: a stream, or a reply that waits. It counts among those of its key or watch token until
 * its response is over; throws `rate_limited` when they are too many. To be called before anything is begun. Returns the
 * signal of `closing`.
 */
export function holdOpen(
  response: Response,
  { streams, stopping }: Pick<Deps, 'streams' | 'stopping'>,
): AbortSignal {
  const close = streams.open(holderOf(response.locals.principal))
  response.once('close', close)
  // No event tells so any more.
  if (isGone(response)) close()
  return abortOnDisconnect(response, stopping)
}

/** The signal of a request that may wait for so long; one that does not wait counts nowhere. */
export function holdWhileWaiting(
  ms: number,
  response: Response,
  deps: Pick<Deps, 'streams' | 'stopping'>,
): AbortSignal {
  return ms > 0 ? holdOpen(response, deps) : abortOnDisconnect(response, deps.stopping)
}

function holderOf(principal: Principal | undefined): StreamHolder {
  return principal?.type === 'watch-token'
    ? { type: 'token', id: principal.tokenHash }
    : { type: 'key', id: identityOf(principal).keyId ?? '' }
}
