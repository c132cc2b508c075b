import type { z } from 'zod'
import { parse } from './parse.ts'

/** A query as the schema has it. An empty value counts as absent, and of several the first holds. */
export function parseQuery<T>(schema: z.ZodType<T>, query: URLSearchParams): T {
  const given = [...query].toReversed().filter(([, value]) => value !== '')
  return parse(schema, Object.fromEntries(given))
}
