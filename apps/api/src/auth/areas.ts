import type { Request } from 'express'
import type { AnyRoute } from '../route.ts'

export type Areas = ReturnType<typeof createAreas>

/** Where every route of the operator lies, and no other. */
const operatorBase = '/v2/admin'

/**
 * Which paths are for whom, known before a route is found: so that nobody without a key learns which paths exist.
 * Everything under a version, `/v2/…`, is of a workspace; without operator routes, so is their place. What is served to
 * anybody lies outside. Throws for a route that would be served to another principal than its own.
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

    /** A token in the query, where a route takes one: a browser cannot send a header with the request for a stream. */
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

/** The paths that Express gives to a route whose steps are words and names. */
function patternOf({ path }: AnyRoute): RegExp {
  const steps = path.split('/').map((step) => (step.startsWith(':') ? '[^/]+' : step))
  return new RegExp(`^${steps.join('/')}/?$`)
}
