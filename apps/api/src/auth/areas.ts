import type { Request } from 'express'
import type { AnyRoute } from '../route.ts'

export type Areas = ReturnType<typeof createAreas>

/** The path under which all routes of the operator are, and no others. */
const operatorBase = '/v2/admin'

/**
 * Decides from the path which principal a request needs, before a route is found: so a client without a key does not
 * learn which paths exist. Every path under a version, `/v2/…`, belongs to workspaces. So does the path of the operator
 * routes, if there are none. Public paths are outside of the versions. Throws if a route would be served to another
 * principal than its own.
 */
export function createAreas(routes: AnyRoute[]) {
  const isOperated = routes.some(({ auth }) => auth === 'operator')
  const watchPaths = routes.filter(({ auth }) => auth === 'watch').map(patternOf)
  for (const { path, auth } of routes) {
    if (!isVersioned(path)) throw new Error(`${path} would be served without a key`)
    if ((auth === 'operator') !== isOperatorPath(path)) {
      throw new Error(`${path} would be served with another key than its own`)
    }
  }

  return {
    areaOf(path: string): 'operator' | 'workspace' | undefined {
      if (isOperated && isOperatorPath(path)) return 'operator'
      return isVersioned(path) ? 'workspace' : undefined
    },

    /**
     * The token in the query, if the route accepts one: a browser cannot send a header with the request for a stream.
     */
    watchTokenOf({ method, url, headers }: Request): string | undefined {
      if (headers.authorization !== undefined || !/^(?:GET|HEAD)$/.test(method)) return undefined
      const end = url.indexOf('?')
      if (end === -1 || !watchPaths.some((path) => path.test(url.slice(0, end)))) return undefined
      return new URLSearchParams(url.slice(end)).get('token') ?? undefined
    },
  }
}

export function isVersioned(path: string): boolean {
  return /^\/v\d/.test(path)
}

export function isOperatorPath(path: string): boolean {
  return path === operatorBase || path.startsWith(`${operatorBase}/`)
}

/** The paths that Express matches to a route whose segments are words and parameters. */
function patternOf({ path }: AnyRoute): RegExp {
  const steps = path.split('/').map((step) => (step.startsWith(':') ? '[^/]+' : step))
  return new RegExp(`^${steps.join('/')}/?$`)
}
