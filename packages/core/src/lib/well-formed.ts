import { parseExact } from './parse-exact.ts'

/**
 * A JSON value in which each lone surrogate, in a text or a name, is replaced by U+FFFD. JSON can express a lone
 * surrogate, UTF-8 cannot, and model vendors refuse requests that contain one. A value without lone surrogates is
 * returned unchanged.
 */
export function wellFormed<T>(value: T): T {
  if (isWellFormed(value)) return value
  if (typeof value === 'string') return value.toWellFormed() as T & string
  return parseExact(wellFormedJson(JSON.stringify(value))) as T
}

/** The same for a JSON text, which may contain surrogates as characters and as escapes such as `\ud83d`. */
export function wellFormedJson(json: string): string {
  const text = json.isWellFormed() ? json : json.toWellFormed()
  if (!text.includes(lowerEscape) && !text.includes(upperEscape)) return text
  return text.replaceAll(escapes, (escape) => (escape.length === loneLength ? '\ufffd' : escape))
}

/**
 * The JSON of a value, as `JSON.stringify` writes it, without lone surrogates. `JSON.stringify` writes each lone
 * surrogate as an escape.
 */
export function toWellFormedJson(value: unknown): string {
  const json = JSON.stringify(value)
  return json.includes(lowerEscape) ? wellFormedJson(json) : json
}

const [lowerEscape, upperEscape] = [String.raw`\ud`, String.raw`\uD`]

/** A pair of surrogates, a lone one, or any other escape. `\\` must not be read as the start of a surrogate. */
const escapes = /\\(?:ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|ud[89a-f][\da-f]{2}|.)/gis
const loneLength = String.raw`\ud83d`.length

/** Not recursive, because a value may be nested deeper than the call stack allows. */
function isWellFormed(value: unknown): boolean {
  const left = [value]
  while (left.length > 0) {
    const item = left.pop()
    if (typeof item === 'string') {
      if (!item.isWellFormed()) return false
    } else if (Array.isArray(item)) {
      for (const element of item) left.push(element)
    } else if (typeof item === 'object' && item !== null) {
      for (const [name, field] of Object.entries(item)) {
        if (!name.isWellFormed()) return false
        left.push(field)
      }
    }
  }
  return true
}
