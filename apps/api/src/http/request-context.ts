import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Response } from 'express'
import type { Principal } from '../auth/principal.ts'

declare global {
  namespace Express {
    /** The context of a request on its way through the app. */
    interface Locals {
      requestId: string
      /** Who sends the request; absent for what anybody may read. */
      principal?: Principal
      /** Where the request comes from, as far as trusted proxies say. */
      address?: string | undefined
      /** The headers of the reply beside those of every reply. */
      headers?: Record<string, string>
    }
  }
}

/** Gives the request its id, once. */
export function beginRequest(request: IncomingMessage, response: Response): void {
  response.locals.requestId ??= requestIdOf(request)
}

/** The caller's own id when it is harmless in a header and in a log. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : randomUUID()
}
