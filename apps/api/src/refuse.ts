import { LonghaulError } from '@longhaul/core'
import type { RequestHandler } from 'express'
import type { Route } from './route.ts'

/** For a path that exists, and takes other methods only. */
export function refuseMethod(routes: Route[]): RequestHandler {
  const allowed = routes.map((route) => route.method.toUpperCase()).join(', ')
  return (request, response) => {
    response.setHeader('allow', allowed)
    throw new LonghaulError(
      'method_not_allowed',
      `${request.method} is not possible here, but ${allowed} is.`,
    )
  }
}

/** For a path that no route has. */
export const refusePath: RequestHandler = () => {
  throw new LonghaulError('not_found', 'There is no such endpoint.')
}
