import { rateLimited } from '@longhaul/core'
import type { Request, Response } from 'express'
import type { Socket } from 'node:net'
import type { Deps } from '../deps.ts'
import type { Areas } from './areas.ts'
import { authenticateKey, authenticateOperator, authenticateToken } from './authenticate.ts'
import type { Principal } from './principal.ts'

/**
 * Authenticates the caller of a request and keeps the connection of a known caller. Throws or rejects with
 * `unauthorized`. A public path needs no key: nothing is returned, so that it is served without a wait.
 */
export function createAdmission({ keys, sessions, connections, refused }: Deps, areas: Areas) {
  return (request: Request, response: Response): Promise<void> | undefined => {
    const { path, socket } = request
    const area = areas.areaOf(path)
    if (area === 'operator') {
      const { address } = response.locals
      const bearer = sessionKey(request, 'operator')
      response.locals.principal = authenticateOperator(request, { keys, address, bearer })
      keep(socket)
    }
    return area === 'workspace' ? admitCaller(request, response) : undefined
  }

  async function admitCaller(request: Request, response: Response): Promise<void> {
    const { socket } = request
    const { address } = response.locals
    connections.checking(socket)
    try {
      response.locals.principal = await callerOf(request, address)
      keep(socket)
    } finally {
      evict(connections.unproven(socket))
    }
  }

  function callerOf(request: Request, address: string | undefined): Promise<Principal> {
    const token = areas.watchTokenOf(request)
    return token === undefined
      ? authenticateKey(request, { keys, address, bearer: sessionKey(request, 'key') })
      : authenticateToken(token, { keys, address })
  }

  /** The key of the session of a request without a key. A session serves only the kind of its own key. */
  function sessionKey(request: Request, type: 'key' | 'operator'): string | undefined {
    const session = sessions.of(request)
    return session?.type === type ? session.bearer : undefined
  }

  /** The connection that is closed in favour of a newer one. */
  function evict(socket: Socket | undefined): void {
    if (socket === undefined) return
    socket.destroy()
    refused('connections', {})
  }

  /** Keeps a connection with a valid key, unless there are too many. */
  function keep(socket: Socket): void {
    if (connections.proven(socket)) return
    throw rateLimited(
      ['connections'],
      'The server has as many connections as it takes: use fewer of them, or try again.',
      1,
    )
  }
}
