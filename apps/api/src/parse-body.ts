import { isUtf8 } from 'node:buffer'
import { LonghaulError } from '@longhaul/core'
import { parse } from 'secure-json-parse'
import { shapeProblem } from './json-shape.ts'

/** The object in a JSON text, whose size and shape are checked before anything is built of it. */
export function parseBody(bytes: Buffer): object {
  if (!isUtf8(bytes)) throw invalidBody('is not valid UTF-8')
  const text = bytes.toString()
  // The parser would overlook it, and JSON has none.
  if (text.startsWith('\uFEFF')) throw invalidBody('must not begin with a byte order mark')
  const problem = shapeProblem(text)
  if (problem !== undefined) throw invalidBody(problem)
  const value = normalized(parseJson(text))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw invalidBody('must be a JSON object')
}

function parseJson(text: string): unknown {
  try {
    // The library looks more closely than most texts need: a key that can harm has one of these in it.
    if (!suspicious.some((word) => text.includes(word))) return JSON.parse(text)
    return parse(text, { protoAction: 'remove', constructorAction: 'remove' })
  } catch (error) {
    const [where = ''] = / at position \d+/.exec(error instanceof Error ? error.message : '') ?? []
    throw invalidBody(`is not valid JSON${where}`, error)
  }
}

const suspicious = ['__proto__', 'constructor', '\\u']

/**
 * What JSON can write and nobody can keep: half a surrogate pair becomes U+FFFD, as UTF-8 has it,
 * also in a key; a number beyond the range of a double is refused. Recursion is bounded by the depth.
 */
function normalized(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw invalidBody('holds a number that is too large')
  }
  if (Array.isArray(value)) normalizeItems(value)
  else if (typeof value === 'object' && value !== null) normalizeFields(value as Fields)
  return value
}

function normalizeItems(items: unknown[]): void {
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index]
    const kept = normalized(item)
    if (kept !== item) items[index] = kept
  }
}

type Fields = Record<string, unknown>

function normalizeFields(fields: Fields): void {
  for (const key of Object.keys(fields)) {
    const item = fields[key]
    const name = key.toWellFormed()
    const kept = normalized(item)
    if (name === key && kept === item) continue
    delete fields[key]
    fields[name] = kept
  }
}

function invalidBody(problem: string, cause?: unknown): LonghaulError {
  return new LonghaulError('invalid', `The body ${problem}.`, { cause })
}
