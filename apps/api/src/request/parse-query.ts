import type { z } from 'zod'
import { parse } from './parse.ts'

/** What each schema makes of a query without parameters. Most queries have none. */
const ofNothing = new WeakMap<z.ZodType, unknown>()

/**
 * Parses a query. An empty value counts as absent. The first of several values counts. Callers must not change the
 * result, which they may share.
 */
export function parseQuery<T>(schema: z.ZodType<T>, query: URLSearchParams): T {
  if (query.size > 0) return parseParameters(schema, query)
  if (!ofNothing.has(schema)) ofNothing.set(schema, parse(schema, {}))
  return ofNothing.get(schema) as T
}

function parseParameters<T>(schema: z.ZodType<T>, query: URLSearchParams): T {
  const entries = [...query].toReversed().filter(([, value]) => value !== '')
  return parse(schema, Object.fromEntries(entries))
}
