import type { StreamHolder } from '@longhaul/core'
import type { Response } from 'express'
import { identityOf, type Principal } from '../auth/principal.ts'
import { abortOnDisconnect, isGone, neverAborted } from './abort-on-disconnect.ts'
import type { Deps } from '../deps.ts'

/**
 * Counts a request that stays open, a stream or a reply that waits, against the limit of its key or watch token until
 * its response is over. Throws `rate_limited` if there are too many. Call it before any work starts. Returns the signal
 * of `abortOnDisconnect`.
 */
export function holdOpen(
  response: Response,
  { streams, stopping }: Pick<Deps, 'streams' | 'stopping'>,
): AbortSignal {
  const close = streams.open(holderOf(response.locals.principal))
  response.once('close', close)
  // The client has disconnected already: no event follows.
  if (isGone(response)) close()
  return abortOnDisconnect(response, stopping)
}

/** The signal of a request that waits for this long. A request that does not wait is not counted, nor ever aborted. */
export function holdWhileWaiting(
  ms: number,
  response: Response,
  deps: Pick<Deps, 'streams' | 'stopping'>,
): AbortSignal {
  return ms > 0 ? holdOpen(response, deps) : neverAborted
}

function holderOf(principal: Principal | undefined): StreamHolder {
  const { workspace = '', keyId = '' } = identityOf(principal)
  return principal?.type === 'watch-token'
    ? { type: 'token', id: principal.tokenHash, workspace }
    : { type: 'key', id: keyId, workspace }
}
