import { cutText } from '../lib/cut-text.ts'
import { isBlank } from '../lib/is-blank.ts'
import { JsonText } from '../lib/json-text.ts'
import { limits } from '../limits/limits.ts'

/** The part of a tool's result that the rules need: its beginning as a model reads it, and its length. */
export class ShortenedResult {
  readonly beginning: string
  /** The length of the whole text, in characters. */
  readonly length: number
  /** Whether the text is the JSON of the result. */
  readonly isJson: boolean

  constructor(beginning: string, { length, isJson }: { length: number; isJson: boolean }) {
    this.beginning = beginning
    this.length = length
    this.isJson = isJson
  }
}

/** Up to this many characters of JSON, a value is held whole. */
const small = 1_024

/** A short result whole; of a long result, a `ShortenedResult` with at most `most` characters. */
export function shortenedResult(
  result: unknown,
  most: number = limits.toolResultForModel,
): unknown {
  if (typeof result === 'string') return heldText(result, most)
  if (typeof result !== 'object' || result === null || result instanceof ShortenedResult)
    return result
  if (!(result instanceof JsonText)) return heldJson(JSON.stringify(result), result, most)
  const { json } = result
  return json.startsWith('"')
    ? heldText(JSON.parse(json) as string, most)
    : heldJson(json, result, most)
}

/** The caller's own result: a model reads the whole. A large value is held as its JSON, which takes less memory. */
export function wholeResult(result: unknown): unknown {
  return shortenedResult(result, Infinity)
}

function heldText(text: string, most: number): unknown {
  const { length } = text
  if (length <= most) return text
  // The beginning of a blank text does not show that the text is blank.
  const blank = isBlank(text)
  const read = blank ? noOutput : beginningOf(text, most)
  return new ShortenedResult(read, { length: blank ? read.length : length, isJson: false })
}

function heldJson(json: string, short: unknown, most: number): unknown {
  if (json.length <= small && !(short instanceof JsonText)) return short
  return new ShortenedResult(beginningOf(json, most), { length: json.length, isJson: true })
}

/** A copy: a substring would keep the whole string in memory. */
function beginningOf(text: string, limit: number): string {
  return text.length <= limit ? text : (JSON.parse(JSON.stringify(cutText(text, limit))) as string)
}

/** A result as a model reads it: the text or its beginning, and the length of the whole. */
export function modelTextOf(result: unknown): { text: string; length: number } {
  if (result instanceof ShortenedResult) return { text: result.beginning, length: result.length }
  const json = typeof result === 'string' ? result : (JSON.stringify(result) ?? '')
  const text = isBlank(json) ? noOutput : json
  return { text, length: text.length }
}

/** The text that a model reads in place of an empty result. */
export const noOutput = '(no output)'
