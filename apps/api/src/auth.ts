import type { IncomingMessage } from 'node:http'
import { LonghaulError } from '@longhaul/core'
import type { Deps } from './deps.ts'
import { timesSent } from './times-sent.ts'

/** The workspace of the caller's key; rejects with `unauthorized`. It needs nothing but the head of the request. */
export async function authenticate(request: IncomingMessage, keys: Deps['keys']): Promise<string> {
  const given = request.headers.authorization
  // Two headers are none.
  if (given === undefined || timesSent('authorization', request) > 1) {
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
