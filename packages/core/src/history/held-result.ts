import { cutText } from '../lib/cut-text.ts'
import type { Fact } from '../log/fact.ts'
import { isSaid } from '../lib/is-blank.ts'
import { JsonText } from '../lib/json-text.ts'
import { limits } from '../limits/limits.ts'
import type { InputPart } from './message.ts'
import type { Said } from './prior-messages.ts'

/** What of a tool's result the rules need, instead of the whole: its beginning as a model reads it, and its length. */
export class HeldResult {
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

/** A fact as the rules need it. The whole of its results is in the store. */
export function heldFact(fact: Fact): Fact {
  if (fact.type === 'tool.returned') return { ...fact, result: heldResult(fact.result) }
  if (fact.type !== 'turn.started') return fact
  const { message, before } = fact
  return {
    ...fact,
    ...(message && { message: { ...message, parts: message.parts.map(heldPart) } }),
    ...(before && { before: before.map(heldSaid) }),
  }
}

function heldPart(part: InputPart): InputPart {
  return part.kind === 'tool_result' ? { ...part, result: heldResult(part.result) } : part
}

function heldSaid(said: Said): Said {
  if (said.role === 'user') return { ...said, parts: said.parts.map(heldPart) }
  if (said.role !== 'tool') return said
  const results = said.results.map((each) => ({ ...each, result: heldResult(each.result) }))
  return { ...said, results }
}

/** Below this many characters of JSON a value is held as it is. */
const small = 1_024

/** A result as it is, where it is short, or what of it is needed. */
export function heldResult(result: unknown): unknown {
  if (typeof result === 'string') return heldText(result, result)
  if (typeof result !== 'object' || result === null || result instanceof HeldResult) return result
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
  const read = isSaid(text) ? beginningOf(text) : noOutput
  return new HeldResult(read, { length: isSaid(text) ? length : read.length, isJson: false })
}

function heldJson(json: string, short: unknown): unknown {
  if (json.length <= small && !(short instanceof JsonText)) return short
  return new HeldResult(beginningOf(json), { length: json.length, isJson: true })
}

/** A string of its own: a part of a string keeps the whole of it in memory. */
function beginningOf(text: string): string {
  const most = limits.toolResultForModel
  return text.length <= most ? text : (JSON.parse(JSON.stringify(cutText(text, most))) as string)
}

/** What a model reads of a result that says nothing. */
export const noOutput = '(no output)'
