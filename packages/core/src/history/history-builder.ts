import { cutText } from '../lib/cut-text.ts'
import { isSaid } from '../lib/is-blank.ts'
import { limits } from '../limits/limits.ts'
import type { HistoryCall, ReplyPart, ToolCall, UserFile, UserPart } from './message.ts'
import { parseArguments } from '../lib/parse-arguments.ts'
import type { CallRecord, FileToFetch, State } from '../log/state.ts'
import { addParts } from './merge-parts.ts'

export type Pen = ReturnType<typeof createPen>

/** Writes a state's history, so that it stays valid for every vendor, whatever the facts are. */
export function createPen(state: State) {
  let parts: ReplyPart[] = []
  let asked: ToolCall[] = []
  const answers = state.answered
  const files = new Map<string, UserFile>()
  const broken = new Set<string>()
  // The turn's calls by their ids: a turn may make thousands.
  const made = new Map<string, CallRecord>()

  /** Results go in together, right after the message that asked for them and in its order. */
  function flush(): void {
    const results = asked.flatMap((call) => answers.get(call.callId) ?? [])
    if (results.length > 0) state.history.push({ role: 'tool', results })
    asked = []
    answers.clear()
  }

  /** `length` is that of the whole, where the text is only its beginning. */
  function answer(callId: string, text: string, failed: boolean, length = text.length): void {
    const call = state.open.find((open) => open.callId === callId)
    if (call === undefined) return
    answers.set(callId, { callId, name: call.name, text: cutForModel(text, length), failed })
    state.open = state.open.filter((open) => open !== call)
    if (state.open.length === 0) flush()
  }

  function forgetFile(fileId: string): void {
    files.delete(fileId)
    state.unread = state.unread.filter((file) => file.fileId !== fileId)
  }

  function noteInstead(fileId: string): void {
    const part = files.get(fileId)
    const note: UserPart = { kind: 'text', text: unreadable(part?.name) }
    for (const message of state.history) {
      if (message.role !== 'user') continue
      message.parts = addParts(
        [],
        message.parts.map((each) => (each === part ? note : each)),
      )
    }
    forgetFile(fileId)
  }

  function closeOpen(): void {
    for (const call of state.open) answer(call.callId, 'not run: the turn ended before it', true)
  }

  return {
    answer,

    called(call: CallRecord): void {
      if (made.has(call.callId)) return
      made.set(call.callId, call)
      state.calls.push(call)
    },

    note(callId: string, outcome: Partial<CallRecord>): void {
      const call = made.get(callId)
      if (call !== undefined) Object.assign(call, outcome)
    },

    forgetCalls(): void {
      made.clear()
    },

    user(said: UserPart[]): void {
      closeOpen()
      const last = state.history.at(-1)
      if (last?.role === 'user') addParts(last.parts, said)
      else state.history.push({ role: 'user', parts: addParts([], said) })
    },

    /** The place of a file whose contents come later; until then a model must not be asked. */
    file(file: FileToFetch): UserFile {
      const { fileId, name } = file
      const part: UserFile = {
        kind: 'file',
        mimeType: '',
        data: '',
        ...(name !== undefined && { name }),
      }
      state.unread.push(file)
      files.set(fileId, part)
      return part
    },

    read(fileId: string, content: Pick<UserFile, 'mimeType' | 'data'>): void {
      const part = files.get(fileId)
      if (part !== undefined) Object.assign(part, content)
      forgetFile(fileId)
    },

    /** The turn ends with it. What becomes of the file, the next one tells. */
    unreadable(fileId: string): void {
      broken.add(fileId)
    },

    /** Files that could not be read are notes from now on. */
    giveUpFiles(): void {
      for (const fileId of broken) noteInstead(fileId)
      broken.clear()
    },

    /** Files that could not be read are tried again. */
    seekFilesAgain(): void {
      broken.clear()
    },

    part(part: ReplyPart): void {
      parts.push(part)
    },

    /** Closes a reply; returns its text. */
    reply(calls: ToolCall[]): string {
      const said = parts.filter((part) => isSaid(part.text) || part.vendor !== undefined)
      const text = textOf(parts)
      parts = []
      closeOpen()
      const last = state.history.at(-1)
      if (last?.role === 'assistant') {
        last.parts.push(...said)
        last.calls.push(...calls.map(asHistoryCall))
      } else if (said.length > 0 || calls.length > 0) {
        state.history.push({ role: 'assistant', parts: said, calls: calls.map(asHistoryCall) })
      }
      asked = calls
      state.open = calls.filter(({ notMade }) => notMade === undefined)
      for (const { callId, name, notMade } of calls) {
        if (notMade !== undefined)
          answers.set(callId, { callId, name, text: notMade, failed: true })
      }
      if (state.open.length === 0) flush()
      return text
    },

    dropParts(): void {
      parts = []
    },
  }
}

/** What stands in the place of a file that could not be read. */
export function unreadable(name = ''): string {
  return `[file ${name} could not be read]`
}

function asHistoryCall({ callId, name, arguments: text, vendor }: ToolCall): HistoryCall {
  return { callId, name, arguments: parseArguments(text) ?? {}, ...(vendor && { vendor }) }
}

function cutForModel(text: string, length: number): string {
  const limit = limits.toolResultForModel
  if (length <= limit) return text
  const kept = cutText(text, limit)
  return `${kept}\n[cut: ${length - kept.length} of ${length} characters left out]`
}

function textOf(parts: ReplyPart[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? part.text : [])).join('')
}
