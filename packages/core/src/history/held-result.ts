import { cutText } from '../lib/cut-text.ts'
import { isBlank } from '../lib/is-blank.ts'
import { JsonText } from '../lib/json-text.ts'
import { limits } from '../limits/limits.ts'

/** What of a tool's result the rules need, instead of the whole: its beginning as a model reads it, and its length. */
export class ShortenedResult {
  readonly beginning: string
  /** Of the whole text, in characters. */
  readonly length: number
  /** Whether the text is the JSON of the result. */
  readonly isJson: boolean

  constructor(beginning: string, { length, isJson }: { length: number; isJson: boolean }) {
    this.beginning = beginning
    this.length = length
    this.isJson = isJson
  }
}

/** Below this many characters of JSON a value is held as it is. */
const small = 1_024

/** A result as it is, where it is short, or what of it is needed. */
export function shortenedResult(result: unknown): unknown {
  if (typeof result === 'string') return heldText(result, result)
  if (typeof result !== 'object' || result === null || result instanceof ShortenedResult)
    return result
  if (!(result instanceof JsonText)) return heldJson(JSON.stringify(result), result)
  const { json } = result
  if (!json.startsWith('"')) return heldJson(json, result)
  const text = JSON.parse(json) as string
  return heldText(text, text)
}

function heldText(text: string, short: unknown): unknown {
  const { length } = text
  if (length <= limits.toolResultForModel) return short
  // What is blank has no beginning that says so.
  const blank = isBlank(text)
  const read = blank ? noOutput : beginningOf(text)
  return new ShortenedResult(read, { length: blank ? read.length : length, isJson: false })
}

function heldJson(json: string, short: unknown): unknown {
  if (json.length <= small && !(short instanceof JsonText)) return short
  return new ShortenedResult(beginningOf(json), { length: json.length, isJson: true })
}

/** A string of its own: a part of a string keeps the whole of it in memory. */
function beginningOf(text: string): string {
  const most = limits.toolResultForModel
  return text.length <= most ? text : (JSON.parse(JSON.stringify(cutText(text, most))) as string)
}

/** A result as a model reads it: the text, or its beginning, and how long the whole is. */
export function modelTextOf(result: unknown): { text: string; length: number } {
  if (result instanceof ShortenedResult) return { text: result.beginning, length: result.length }
  const json = typeof result === 'string' ? result : (JSON.stringify(result) ?? '')
  const text = isBlank(json) ? noOutput : json
  return { text, length: text.length }
}

/** What a model reads of a result that says nothing. */
export const noOutput = '(no output)'
