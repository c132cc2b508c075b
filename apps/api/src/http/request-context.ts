import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Response } from 'express'
import type { Principal } from '../auth/principal.ts'

declare global {
  namespace Express {
    /** The context of a request in the app. */
    interface Locals {
      requestId: string
      /** The caller; absent on a public path. */
      principal?: Principal
      /** The address of the client, from trusted proxies if there are any. */
      address?: string | undefined
      /** Additional headers of the reply. */
      headers?: Record<string, string>
      /** Whether the head of a JSON reply was sent before its body. */
      late?: boolean
      /** What was thrown before Express had the request. */
      failure?: unknown
    }
  }
}

/** Sets the id of the request, once. */
export function beginRequest(request: IncomingMessage, response: Response): void {
  response.locals.requestId ??= requestIdOf(request)
}

/** The request id of the caller, if it is safe in a header and in a log. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const callerId = headers['x-request-id']
  return typeof callerId === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(callerId)
    ? callerId
    : randomUUID()
}
