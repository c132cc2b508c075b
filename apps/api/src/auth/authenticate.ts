import type { Request } from 'express'
import { LonghaulError, type Watchable } from '@longhaul/core'
import type { Deps } from '../deps.ts'
import { timesSent } from '../http/count-header.ts'

type Caller = {
  workspace: string
  keyId?: string
  /** Whether the key was removed since. Not while that cannot be told. */
  isRevoked?: () => Promise<boolean>
  watches?: Watchable
  tokenHash?: string
}

/**
 * The workspace of the caller's key, or the task that its watch token opens; rejects with `unauthorized`. It
 * needs nothing but the head of the request.
 */
export async function authenticate(
  request: Request,
  { keys, address }: { keys: Deps['keys']; address: string | undefined },
): Promise<Caller> {
  const token = watchTokenOf(request)
  if (token !== undefined) {
    const opened = await keys.watching(token, address)
    if (opened !== undefined) {
      const { opens: watches, hash: tokenHash } = opened
      return { workspace: watches.workspace, watches, tokenHash }
    }
    throw new LonghaulError(
      'unauthorized',
      'The watch token is not valid any more: ask for another one.',
    )
  }
  const bearer = bearerOf(request, 'An API key')
  const caller = bearer === undefined ? undefined : await keys.authenticate(bearer, address)
  if (bearer === undefined || caller === undefined)
    throw new LonghaulError('unauthorized', 'The API key is not valid.')
  return { ...caller, isRevoked: () => isRevoked(bearer, keys) }
}

async function isRevoked(bearer: string, keys: Deps['keys']): Promise<boolean> {
  try {
    return (await keys.authenticate(bearer)) === undefined
  } catch {
    // The next request with the key meets the same error, and reports it.
    return false
  }
}

/** A token in the query, where one may stand: a browser cannot send a header with the request for a stream. */
function watchTokenOf({ method, url, headers }: Request): string | undefined {
  if (headers.authorization !== undefined || !/^(?:GET|HEAD)$/.test(method)) return undefined
  const [, query] = /^\/v2\/agents\/[^/?]+\/responses\/[^/?]+\/events\/?\?(.*)$/.exec(url) ?? []
  return new URLSearchParams(query).get('token') ?? undefined
}

/** Lets the operator in and nobody else; throws `unauthorized`. */
export function admitOperator(
  request: Request,
  { keys, address }: { keys: Deps['keys']; address: string | undefined },
): void {
  const bearer = bearerOf(request, 'The operator key')
  if (bearer === undefined || !keys.isOperator(bearer, address)) {
    throw new LonghaulError('unauthorized', 'The operator key is not valid.')
  }
}

/** The key that a request was sent with; undefined when it has the form of none. */
function bearerOf(request: Request, what: string): string | undefined {
  const given = request.headers.authorization
  // Two headers are none.
  if (given === undefined || timesSent('authorization', request) > 1) {
    throw new LonghaulError(
      'unauthorized',
      `${what} is needed: send the header "Authorization: Bearer <key>", once.`,
    )
  }
  const [, bearer] = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(given) ?? []
  return bearer
}
