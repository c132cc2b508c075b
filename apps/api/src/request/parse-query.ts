import type { z } from 'zod'
import { parse } from './parse.ts'

/** Parses a query. An empty value counts as absent. The first of several values counts. */
export function parseQuery<T>(schema: z.ZodType<T>, query: URLSearchParams): T {
  const entries = [...query].toReversed().filter(([, value]) => value !== '')
  return parse(schema, Object.fromEntries(entries))
}
