import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Watchable } from '@longhaul/core'
import type { Response } from 'express'

declare global {
  namespace Express {
    /** What is known of a request on its way through the app. */
    interface Locals {
      requestId: string
      /** Set once the key is known. */
      workspace?: string
      /** Where the request comes from, as far as proxies that are trusted tell it. */
      address?: string | undefined
      /** The public id of the key, where one was sent. */
      keyId?: string
      /** The hash of the watch token, where one was sent. */
      tokenHash?: string
      /** Whether the key was removed since the request came. */
      isRevoked?: () => Promise<boolean>
      /** Set once a watch token is known: nothing but this may be read. */
      watches?: Watchable
      /** Set once the key is known to be the operator's. */
      operator?: true
      /** What the reply says beside what every reply says. */
      headers?: Record<string, string>
    }
  }
}

/** Names the request, once. */
export function begin(request: IncomingMessage, response: Response): void {
  response.locals.requestId ??= requestIdOf(request)
}

/** The caller's own id when it is harmless in a header and in a log. */
export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && /^[A-Za-z0-9._-]{1,128}$/.test(given) ? given : randomUUID()
}
