import type { Request, Response } from 'express'
import type { Deps } from './deps.ts'

/** What a route is given: the caller's workspace, decoded path parameters, the parsed body. */
export type Call = {
  workspace: string
  params: Record<string, string>
  query: URLSearchParams
  body: unknown
  requestId: string
  request: Request
  response: Response
}

/**
 * What is sent; a route that has answered by itself (a stream) returns nothing.
 * A body of bytes is JSON already and is sent as it is.
 */
export type Reply = { status: number; body?: unknown; headers?: Record<string, string> }

/** A POST or PATCH must bring a body unless it is `optional`, which makes a missing one undefined. */
export type Route = {
  method: 'get' | 'post' | 'patch' | 'delete'
  path: string
  body?: 'optional'
  handle: (call: Call, deps: Deps) => Promise<Reply | undefined>
}
