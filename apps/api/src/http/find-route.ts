import type { IncomingMessage } from 'node:http'
import type { AnyRoute } from '../route.ts'

type Served = { route: Pick<AnyRoute, 'method' | 'path'> }
type Entry<T> = { segments: Segment[]; served: T }
/** A word of a route, or the name of a parameter. */
type Segment = { word: string } | { parameter: string }
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
    const entry = { segments: segments.map(asSegment), served }
    entries.set(name, [...(entries.get(name) ?? []), entry])
  }

  function find(method: string, path: string): Found<T> | undefined {
    if (!plain.test(path)) return undefined
    const segments = path.split('/')
    const entry = entries.get(nameOf(method, segments))?.find((each) => fits(each, segments))
    return entry && { served: entry.served, params: paramsOf(entry, segments) }
  }

  /** What was found for paths of POST: most requests come for few of them. */
  const found = new Map<string, Found<T>>()

  return ({ method = '', url = '' }) => {
    const end = url.indexOf('?')
    const path = end === -1 ? url : url.slice(0, end)
    if (method !== 'POST') return find(method, path)
    const known = found.get(path)
    if (known !== undefined) return known
    const first = find(method, path)
    if (first === undefined) return undefined
    // A caller that invents paths must not fill the memory.
    if (found.size >= remembered) found.clear()
    found.set(path, first)
    return first
  }
}

const remembered = 1_000

/** A path whose segments are not empty and mean themselves. */
const plain = /^(?:\/[\w.~-]+)+$/

/** A word of a route, or a parameter. */
const comparable = /^(?:[\w.~-]*|:\w+)$/

function nameOf(method: string, segments: string[]): string {
  return `${method} ${segments.length}`
}

function asSegment(text: string): Segment {
  return text.startsWith(':') ? { parameter: text.slice(1) } : { word: text }
}

// Loops without iterators, since every request comes through here.

function fits(entry: Entry<unknown>, segments: string[]): boolean {
  for (let at = 0; at < segments.length; at += 1) {
    const each = entry.segments[at]
    if (each === undefined || ('word' in each && each.word !== segments[at])) return false
  }
  return true
}

function paramsOf(entry: Entry<unknown>, segments: string[]): Record<string, string> {
  const params: Record<string, string> = {}
  for (let at = 0; at < segments.length; at += 1) {
    const each = entry.segments[at]
    if (each !== undefined && 'parameter' in each) params[each.parameter] = segments[at] ?? ''
  }
  return params
}
