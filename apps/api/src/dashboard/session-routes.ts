import { limits, LonghaulError } from '@longhaul/core'
import type { CookieOptions, Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import { authenticateKey, authenticateOperator } from '../auth/authenticate.ts'
import { identityOf, type Principal } from '../auth/principal.ts'
import type { Deps } from '../deps.ts'
import { isoTime } from '../dialects/shared/reply-fields.ts'
import { parse } from '../request/parse.ts'
import { readBody } from '../request/read-body.ts'
import { sendReply } from '../reply/send-reply.ts'
import { isSameOrigin } from './same-origin.ts'
import { cookieName, type Session } from './sessions.ts'

/** The key to sign in with, or the text of a sign-in link. */
const SignIn = z.union([
  z.strictObject({ key: z.string().min(1).max(512) }),
  z.strictObject({ link: z.string().min(1).max(2_048) }),
])

/** The body is read before the caller is known, so it is small. */
const largestBody = 4_096

type SessionRoute = { method: 'get' | 'post' | 'delete'; path: string; handle: RequestHandler }

const path = '/dashboard/session'

/** Starts, reads and ends the session of a browser. */
export function sessionRoutes(deps: Deps): SessionRoute[] {
  const { keys, sessions, bytesInFlight } = deps
  return [
    { method: 'post', path, handle: signIn },
    { method: 'get', path, handle: readSession },
    { method: 'delete', path, handle: signOut },
  ]

  async function signIn(request: Request, response: Response): Promise<void> {
    refuseForeignPage(request)
    const { address = '' } = response.locals
    const share = bytesInFlight.open({ key: address, workspace: address })
    try {
      refuseLargeBody(request)
      const body = parse(SignIn, await readBody(request, response, share))
      const bearer = 'key' in body ? body.key : await keyOfLink(body.link)
      const principal = await principalOf(bearer, address)
      const type = principal.type === 'operator' ? 'operator' : 'key'
      const { cookie, session } = sessions.start({ type, bearer })
      response.cookie(cookieName, cookie, cookieOptions(request))
      sendReply(response, { status: 200, body: sessionBody(principal, session) })
    } finally {
      share.release()
    }
  }

  async function readSession(request: Request, response: Response): Promise<void> {
    const { address } = response.locals
    const session = sessions.of(request)
    if (session === undefined) throw notSignedIn()
    const from = { keys, address, bearer: session.bearer }
    const principal =
      session.type === 'operator'
        ? authenticateOperator(request, from)
        : await authenticateKey(request, from)
    sendReply(response, { status: 200, body: sessionBody(principal, session) })
  }

  async function keyOfLink(link: string): Promise<string> {
    const bearer = await sessions.useLink(link)
    if (bearer !== undefined) return bearer
    throw new LonghaulError(
      'unauthorized',
      'The link was used before, or is too old. Sign in with a key, or create another link.',
    )
  }

  /** An API key or the operator key. An unknown key counts against its address. */
  async function principalOf(bearer: string, address: string): Promise<Principal> {
    if (await keys.authenticate(bearer, address)) {
      return await authenticateKey(undefined, { keys, address, bearer })
    }
    if (keys.isOperator(bearer, address)) {
      return authenticateOperator(undefined, { keys, address, bearer })
    }
    throw new LonghaulError('unauthorized', 'The key is neither an API key nor the operator key.')
  }
}

function signOut(request: Request, response: Response): void {
  refuseForeignPage(request)
  const { maxAge: _maxAge, ...options } = cookieOptions(request)
  response.clearCookie(cookieName, options)
  sendReply(response, { status: 204 })
}

function refuseForeignPage(request: Request): void {
  if (isSameOrigin(request)) return
  throw new LonghaulError('unauthorized', 'Only the pages of the dashboard can sign in and out.')
}

function refuseLargeBody({ headers }: Request): void {
  const length = Number(headers['content-length'])
  if (length <= largestBody) return
  throw new LonghaulError('too_large', `The body must be at most ${largestBody} bytes.`)
}

function notSignedIn(): LonghaulError {
  return new LonghaulError('unauthorized', 'Sign in with an API key or with the operator key.')
}

function cookieOptions(request: Request): CookieOptions {
  return {
    httpOnly: true,
    sameSite: 'strict',
    secure: request.secure,
    path: '/',
    maxAge: limits.session.lifetime,
  }
}

function sessionBody(principal: Principal, { until }: Session) {
  const { workspace, keyId } = identityOf(principal)
  return {
    type: principal.type,
    ...(workspace !== undefined && { workspace }),
    ...(keyId !== undefined && { key_id: keyId }),
    scopes: principal.scopes,
    expires_at: isoTime(until),
  }
}
