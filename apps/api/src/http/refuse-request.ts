import { LonghaulError } from '@longhaul/core'
import type { RequestHandler } from 'express'
import type { IncomingMessage } from 'node:http'
import type { AnyRoute } from '../route.ts'

/** Throws for an expectation that the server cannot meet. HTTP/1.0 has no expectations: the header is ignored there. */
export function refuseExpectation({ headers, httpVersion }: IncomingMessage): void {
  if (headers.expect === undefined || httpVersion === '1.0') return
  if (expectations(headers.expect).every((each) => each === '100-continue')) return
  throw new LonghaulError(
    'expectation_failed',
    'Of the header Expect only "100-continue" can be met. Send the request without it.',
  )
}

/** Whether a client waits for "continue" before it sends its body. */
export function expectsContinue({ headers, httpVersion }: IncomingMessage): boolean {
  return (
    headers.expect !== undefined && httpVersion !== '1.0' && expectations(headers.expect).length > 0
  )
}

function expectations(list: string): string[] {
  return list
    .split(',')
    .map((each) => each.trim().toLowerCase())
    .filter((each) => each !== '')
}

/** Refuses a request whose path exists with other methods only, or that asks for a WebSocket. */
export function refuseMethod(routes: AnyRoute[]): RequestHandler {
  const allowed = routes.flatMap(({ method }) => methodsOf(method)).join(', ')
  return (request, response) => {
    if (request.headers.upgrade?.toLowerCase() === 'websocket') {
      // After this status some clients use HTTP at once. After any other one they try again first.
      response.setHeader('upgrade', 'HTTP/1.1')
      const message = 'A WebSocket is not possible here: send an HTTP request.'
      throw new LonghaulError('method_not_allowed', message, { status: 426 })
    }
    response.setHeader('allow', allowed)
    throw new LonghaulError(
      'method_not_allowed',
      `${request.method} is not possible here, but ${allowed} is.`,
    )
  }
}

/** A path with GET also has HEAD. */
function methodsOf(method: AnyRoute['method']): string[] {
  return method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]
}

/** Refuses a request whose path no route has. */
export const refusePath: RequestHandler = () => {
  throw new LonghaulError('not_found', 'There is no such endpoint.')
}
