import type { IncomingMessage } from 'node:http'
import type { AnyRoute } from '../route.ts'

type Served = { route: Pick<AnyRoute, 'method' | 'path'> }
type Entry<T> = { segments: string[]; served: T }
type Found<T> = { served: T; params: Record<string, string> }
export type RouteFinder<T> = (
  request: Pick<IncomingMessage, 'method' | 'url'>,
) => Found<T> | undefined

/**
 * Returns a function that finds the route of a request as Express does, which compares every request with one path after
 * the other. It returns undefined for a path that has an unusual character or no route: Express has the last word on it.
 */
export function createRouteFinder<T extends Served>(all: T[]): RouteFinder<T> {
  /** By method and number of segments, in the order of the routes. */
  const entries = new Map<string, Entry<T>[]>()
  for (const served of all) {
    const { method, path } = served.route
    const segments = path.split('/')
    // A plain path never has the character that makes such a segment.
    if (!segments.every((each) => comparable.test(each))) continue
    const name = nameOf(method.toUpperCase(), segments)
    entries.set(name, [...(entries.get(name) ?? []), { segments, served }])
  }

  return ({ method = '', url = '' }) => {
    const end = url.indexOf('?')
    const path = end === -1 ? url : url.slice(0, end)
    if (!plain.test(path)) return undefined
    const segments = path.split('/')
    const entry = entries.get(nameOf(method, segments))?.find((each) => fits(each, segments))
    return entry && { served: entry.served, params: paramsOf(entry, segments) }
  }
}

/** A path whose segments are not empty and mean themselves. */
const plain = /^(?:\/[\w.~-]+)+$/

/** A word of a route, or a parameter. */
const comparable = /^(?:[\w.~-]*|:\w+)$/

function nameOf(method: string, segments: string[]): string {
  return `${method} ${segments.length}`
}

function fits(entry: Entry<unknown>, segments: string[]): boolean {
  for (const [at, each] of entry.segments.entries()) {
    if (each !== segments[at] && !each.startsWith(':')) return false
  }
  return true
}

function paramsOf(entry: Entry<unknown>, segments: string[]): Record<string, string> {
  const params: Record<string, string> = {}
  for (const [at, each] of entry.segments.entries()) {
    if (each.startsWith(':')) params[each.slice(1)] = segments[at] ?? ''
  }
  return params
}
