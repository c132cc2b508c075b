import { cutText } from '../lib/cut-text.ts'
import type { TurnFailure } from './turn-failure.ts'
import type { FinishReason, TurnCompleted, TurnFailed } from './fact.ts'
import { ShortenedResult } from '../history/held-result.ts'
import type { CallRecord, State } from './state.ts'
import { limits } from '../limits/limits.ts'
import type { ToolCall, Usage } from '../history/message.ts'
import { parseExact } from '../lib/parse-exact.ts'

/** The result of a turn. It is stored in the task's head, ready for readers. */
export type Result = {
  /** The model that answered. */
  model: string
  text: string
  /** Calls of client-side functions that the next turn must answer. */
  pending: ToolCall[]
  /** The calls of the turn, with large values shortened. */
  calls: CallRecord[]
  usage?: Usage
} & ({ reason: FinishReason } | { failure: { code: TurnFailure; message: string; status: number } })

export function resultOf(
  state: State,
  ended: TurnCompleted | TurnFailed,
  firstModel: string,
): Result {
  const common = {
    model: state.reply?.model ?? firstModel,
    calls: state.calls.map(shortened),
    ...(state.usage === undefined ? {} : { usage: state.usage }),
  }
  if (ended.type === 'turn.failed') {
    const { code, message, status } = ended
    return { ...common, text: '', pending: [], failure: { code, message, status } }
  }
  const cutShort = ended.reason === 'max_iterations' || ended.reason === 'max_time'
  return {
    ...common,
    text: cutShort ? state.lastAnswer : state.text,
    pending: ended.pending,
    reason: ended.reason,
  }
}

function shortened(call: CallRecord): CallRecord {
  const copy = { ...call, arguments: call.arguments }
  if (isLarge(call.arguments)) copy.arguments = { note: cut(call.arguments) }
  if (call.result instanceof ShortenedResult) copy.result = shortenedHeld(call.result)
  else if (isLarge(call.result)) copy.result = cut(call.result)
  return copy
}

function shortenedHeld({ beginning, length, isJson }: ShortenedResult): unknown {
  if (length > limits.shownToolResult) return cut(beginning, length)
  return isJson ? parseExact(beginning) : beginning
}

function isLarge(value: unknown): boolean {
  // The JSON of a string is longer than the string.
  if (typeof value === 'string' && value.length > limits.shownToolResult) return true
  return value !== undefined && JSON.stringify(value).length > limits.shownToolResult
}

function cut(value: unknown, length?: number): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return `${cutText(text, limits.shownToolResult)} [cut: ${length ?? text.length} characters in all]`
}
