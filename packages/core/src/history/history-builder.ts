import { cutText } from '../lib/cut-text.ts'
import { isBlank } from '../lib/is-blank.ts'
import { parseArguments } from '../lib/parse-arguments.ts'
import { limits } from '../limits/limits.ts'
import { modelTextOf, noOutput } from './held-result.ts'
import { addParts } from './merge-parts.ts'
import type {
  HistoryCall,
  HistoryResult,
  Message,
  ReplyPart,
  ToolCall,
  UserFile,
  UserPart,
} from './message.ts'
import { filesOnly } from './result-files.ts'

export type HistoryBuilder = ReturnType<typeof createHistory>

/**
 * The parts of the state that the builder writes: the messages, the last reply's calls without an answer, and the
 * answers to its other calls.
 */
type Written = { history: Message[]; open: ToolCall[]; answered: Map<string, HistoryResult> }

/** Builds the history of a state. The history is valid for every vendor, whatever the facts are. */
export function createHistory(state: Written) {
  let parts: ReplyPart[] = []
  let requested: ToolCall[] = []
  const answers = state.answered

  /** Adds all results together, directly after the message that requested them and in its order. */
  function flush(): void {
    const results = requested.flatMap((call) => answers.get(call.callId) ?? [])
    if (results.length > 0) state.history.push({ role: 'tool', results })
    requested = []
    answers.clear()
  }

  function answer(callId: string, answered: Omit<HistoryResult, 'callId' | 'name'>): void {
    const call = state.open.find((open) => open.callId === callId)
    if (call === undefined) return
    answers.set(callId, { callId, name: call.name, ...answered })
    state.open = state.open.filter((open) => open !== call)
    if (state.open.length === 0) flush()
  }

  function closeOpen(): void {
    const text = 'not run: the turn ended before it'
    for (const { callId } of state.open) answer(callId, { text, failed: true })
  }

  return {
    user(added: readonly UserPart[]): void {
      closeOpen()
      const last = state.history.at(-1)
      if (last?.role === 'user') addParts(last.parts, added)
      else state.history.push({ role: 'user', parts: addParts([], added) })
    },

    /** Adds a part to the reply that `reply` closes. */
    part(part: ReplyPart): void {
      parts.push(part)
    },

    dropParts(): void {
      parts = []
    },

    /** Closes a reply; returns its text. */
    reply(calls: ToolCall[]): string {
      const visible = parts.filter((part) => !isBlank(part.text) || part.vendor !== undefined)
      const text = textOf(parts)
      parts = []
      closeOpen()
      const last = state.history.at(-1)
      if (last?.role === 'assistant') {
        last.parts.push(...visible)
        last.calls.push(...calls.map(asHistoryCall))
      } else if (visible.length > 0 || calls.length > 0) {
        state.history.push({ role: 'assistant', parts: visible, calls: calls.map(asHistoryCall) })
      }
      requested = calls
      state.open = calls.filter(({ notMade }) => notMade === undefined)
      for (const { callId, name, notMade } of calls) {
        if (notMade !== undefined)
          answers.set(callId, { callId, name, text: notMade, failed: true })
      }
      if (state.open.length === 0) flush()
      return text
    },

    /** Adds the result of a call, followed by the note. A result of the caller is not cut. */
    result(
      { callId, result, failed, files }: Result,
      { note = '', fromCaller = false }: { note?: string; fromCaller?: boolean },
    ): void {
      const read = modelTextOf(result)
      const text = (files.length > 0 && read.text === noOutput ? filesOnly : read.text) + note
      const shown = fromCaller ? text : cutForModel(text, read.length + note.length)
      answer(callId, {
        text: shown,
        failed,
        ...(files.length > 0 && { files }),
        ...(fromCaller && { fromCaller }),
      })
    },

    /** Records that a call failed or is not made. */
    failure(callId: string, error: string): void {
      answer(callId, { text: cutForModel(error, error.length), failed: true })
    },
  }
}

type Result = { callId: string; result: unknown; failed: boolean; files: UserFile[] }

function textOf(parts: ReplyPart[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? part.text : [])).join('')
}

function asHistoryCall({ callId, name, arguments: text, vendor }: ToolCall): HistoryCall {
  return { callId, name, arguments: parseArguments(text) ?? {}, ...(vendor && { vendor }) }
}

/** `length` is the length of the whole text when `text` is only its beginning. */
function cutForModel(text: string, length: number): string {
  const limit = limits.toolResultForModel
  if (length <= limit) return text
  const beginning = cutText(text, limit)
  return `${beginning}\n[cut: ${length - beginning.length} of ${length} characters left out]`
}
