import { LonghaulError } from '@longhaul/core'
import type { Request } from 'express'
import type { Deps } from '../deps.ts'
import { countHeader } from '../http/count-header.ts'
import { type Principal, scopesOf } from './principal.ts'

/** `bearer` is the key of a session, which takes the place of the header. */
type From = { keys: Deps['keys']; address: string | undefined; bearer?: string | undefined }
type MaybeRequest = Request | undefined

/**
 * Authenticates the operator. Throws `unauthorized` for every other caller. Like the functions below, it reads only the
 * head of the request.
 */
export function authenticateOperator(
  request: MaybeRequest,
  { keys, address, bearer = bearerOf(request, 'The operator key') }: From,
): Principal {
  if (bearer === undefined || !keys.isOperator(bearer, address)) {
    throw new LonghaulError('unauthorized', 'The operator key is not valid.')
  }
  return { type: 'operator', scopes: scopesOf.operator }
}

/** Authenticates the holder of a workspace's key. Rejects with `unauthorized`. */
export async function authenticateKey(
  request: MaybeRequest,
  { keys, address, bearer = bearerOf(request, 'An API key') }: From,
): Promise<Principal> {
  const holder = bearer === undefined ? undefined : await keys.authenticate(bearer, address)
  if (bearer === undefined || holder === undefined) {
    throw new LonghaulError('unauthorized', 'The API key is not valid.')
  }
  return {
    type: 'key',
    scopes: scopesOf.key,
    ...holder,
    bearer: () => bearer,
    isRevoked: () => isRevoked(bearer, keys),
  }
}

/** Authenticates the holder of a watch token. Rejects with `unauthorized`. */
export async function authenticateToken(
  token: string,
  { keys, address }: From,
): Promise<Principal> {
  const opened = await keys.watching(token, address)
  if (opened === undefined) {
    throw new LonghaulError(
      'unauthorized',
      'The watch token is not valid any more: ask for another one.',
    )
  }
  const { opens: watches, hash: tokenHash } = opened
  const { workspace } = watches
  return { type: 'watch-token', scopes: scopesOf['watch-token'], workspace, watches, tokenHash }
}

async function isRevoked(bearer: string, keys: Deps['keys']): Promise<boolean> {
  try {
    return (await keys.authenticate(bearer)) === undefined
  } catch {
    // The next request with the key fails with the same error and reports it.
    return false
  }
}

/** The key of a request; undefined if the header is missing or malformed. */
function bearerOf(request: MaybeRequest, what: string): string | undefined {
  const sent = request?.headers.authorization
  // Two headers count as none.
  if (request === undefined || sent === undefined || countHeader('authorization', request) > 1) {
    throw new LonghaulError(
      'unauthorized',
      `${what} is needed: send the header "Authorization: Bearer <key>", once.`,
    )
  }
  const [, bearer] = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(sent) ?? []
  return bearer
}
