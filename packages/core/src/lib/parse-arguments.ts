import { parseExact } from './parse-exact.ts'
import { wellFormedJson } from './well-formed.ts'

/**
 * The arguments of a call as an object; undefined when the model wrote anything else. An empty text means no arguments.
 */
export function parseArguments(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = parseExact(wellFormedJson(text))
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
