import type { IncomingMessage } from 'node:http'
import { LonghaulError } from '@longhaul/core'
import type { Deps } from './deps.ts'

/** The workspace of the caller's key; rejects with `unauthorized`. It needs nothing but the head of the request. */
export async function authenticate(request: IncomingMessage, keys: Deps['keys']): Promise<string> {
  const given = authorizationOf(request)
  if (given === undefined) {
    throw new LonghaulError(
      'unauthorized',
      'An API key is needed: send the header "Authorization: Bearer <key>", once.',
    )
  }
  const [, bearer] = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(given) ?? []
  const caller = bearer === undefined ? undefined : await keys.authenticate(bearer)
  if (caller === undefined) throw new LonghaulError('unauthorized', 'The API key is not valid.')
  return caller.workspace
}

/** Node keeps the first of several such headers, and whoever stands before it may keep the last: two are none. */
function authorizationOf({ headers, rawHeaders }: IncomingMessage): string | undefined {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === 'authorization') count += 1
  }
  return count === 1 ? headers.authorization : undefined
}
