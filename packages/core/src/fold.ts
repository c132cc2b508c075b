import type {
  Fact,
  FileFailed,
  ModelFailed,
  Recorded,
  StepFinished,
  TurnCompleted,
  TurnFailed,
} from './fact.ts'
import { limits } from './limits.ts'
import type {
  HistoryCall,
  HistoryResult,
  InputPart,
  Message,
  ReplyPart,
  ToolCall,
  Usage,
  UserFile,
  UserPart,
} from './message.ts'
import type { Engine } from './plan.ts'
import { trimmed } from './trim.ts'
import { addUsage } from './usage.ts'
import { addParts } from './user-parts.ts'

/** A call made in the latest turn, as a response's `metadata.tool_calls` tells it. */
export type CallRecord = {
  callId: string
  name: string
  arguments: Record<string, unknown>
  result?: unknown
  error?: string
  ms?: number
}

/** A file of a message that must be fetched before a model can be asked. */
export type FileToFetch = { fileId: string; uri: string; mimeType?: string; name?: string }

/** What the facts amount to. */
export type State = TaskState & TurnState

/** What they tell of the task as a whole. */
type TaskState = {
  /** How many facts have been folded; a decision names it, so that it is refused when there are more. */
  facts: number
  turn: number
  plan: string
  variables: Record<string, unknown>
  /** What the next model call is given, but for calls that still wait for their answer. */
  history: Message[]
  /** Files of the history that are not read yet. */
  unread: FileToFetch[]
  /** Calls of the last reply without an answer, in the model's order. */
  open: ToolCall[]
  /** Every call id of the task. */
  callIds: Set<string>
}

/** What they tell of its latest turn. */
type TurnState = {
  /** The template engine of the turn, where it is not the agent's. */
  engine: Engine | undefined
  cancelRequested: boolean
  ended: TurnCompleted | TurnFailed | undefined
  /** Recorded model calls, and the time inside model calls, failed ones included. */
  steps: number
  modelMs: number
  usage: Usage | undefined
  reply: StepFinished | undefined
  /** The text of the last reply, and the last text of any reply that was not blank. */
  text: string
  lastSaid: string
  calls: CallRecord[]
  /** Failed calls since the last recorded step, but for those after which the history was trimmed. */
  failures: (ModelFailed & Recorded)[]
  /** Whether it was trimmed since, because the model refused it as too long. */
  trimmedOnRefusal: boolean
  /** Replies that were not what the plan's `output` asks for. */
  misfits: number
  fileFailed: FileFailed | undefined
}

function freshTurn(): TurnState {
  return {
    engine: undefined,
    cancelRequested: false,
    ended: undefined,
    steps: 0,
    modelMs: 0,
    usage: undefined,
    reply: undefined,
    text: '',
    lastSaid: '',
    calls: [],
    failures: [],
    trimmedOnRefusal: false,
    misfits: 0,
    fileFailed: undefined,
  }
}

/** Folds a task's facts, from the first on, into its state. */
export function fold(facts: readonly Fact[]): State {
  const state: State = {
    facts: 0,
    turn: 0,
    plan: '',
    history: [],
    unread: [],
    open: [],
    variables: {},
    callIds: new Set(),
    ...freshTurn(),
  }
  const pen = createPen(state)
  for (const fact of facts) {
    state.facts += 1
    apply(state, pen, fact)
  }
  return state
}

function apply(state: State, pen: Pen, fact: Fact): void {
  switch (fact.type) {
    case 'turn.started':
      Object.assign(state, freshTurn())
      pen.forgetCalls()
      state.turn = fact.turn
      state.plan = fact.plan
      state.engine = fact.engine
      if (fact.variables !== undefined) state.variables = fact.variables
      if (fact.message.role === 'tool') answerCalls(pen, fact.message.parts)
      else tell(state, pen, fact.message.parts)
      return
    case 'file.fetched':
      pen.read(fact.fileId, { mimeType: fact.mimeType, data: fact.data })
      return
    case 'file.failed':
      pen.unreadable(fact.fileId)
      state.fileFailed = fact
      return
    case 'context.trimmed':
      state.history = trimmed(state.history, fact)
      if (fact.because === 'budget') return
      state.trimmedOnRefusal = true
      state.failures = state.failures.filter(({ code }) => code !== 'context_too_long')
      return
    case 'part.finished':
      pen.part({ kind: fact.kind, text: fact.text, ...(fact.vendor && { vendor: fact.vendor }) })
      return
    case 'step.finished':
      state.steps += 1
      state.modelMs += fact.ms
      state.usage = addUsage(state.usage, fact.usage)
      state.reply = fact
      state.failures = []
      state.trimmedOnRefusal = false
      for (const call of fact.calls) state.callIds.add(call.callId)
      state.text = pen.reply(fact.calls)
      if (isSaid(state.text)) state.lastSaid = state.text
      if (fact.problem === undefined) return
      state.misfits += 1
      pen.user([{ kind: 'text', text: askAgain(fact.problem) }])
      return
    case 'model.failed':
      state.modelMs += fact.ms
      state.failures.push(fact)
      pen.dropParts()
      return
    case 'tool.called':
      pen.called({ callId: fact.callId, name: fact.name, arguments: fact.arguments })
      return
    case 'tool.returned':
      pen.note(fact.callId, { result: fact.result, ms: fact.ms })
      pen.answer(fact.callId, asModelText(fact.result), false)
      return
    case 'tool.failed':
      pen.note(fact.callId, { error: fact.error, ms: fact.ms })
      pen.answer(fact.callId, fact.error, true)
      return
    case 'cancel.requested':
      state.cancelRequested = true
      return
    case 'turn.completed':
    case 'turn.failed':
      state.ended = fact
      return
    case 'attempt.started':
    case 'parts.abandoned':
      return
  }
}

/** Writes the history, so that it stays valid whatever the facts are. */
type Pen = ReturnType<typeof createPen>

function createPen(state: State) {
  let parts: ReplyPart[] = []
  let asked: ToolCall[] = []
  const answers = new Map<string, HistoryResult>()
  const files = new Map<string, UserFile>()
  // The turn's calls by their ids: a turn may make thousands.
  const made = new Map<string, CallRecord>()

  /** Results go in together, right after the message that asked for them and in its order. */
  function flush(): void {
    const results = asked.flatMap((call) => answers.get(call.callId) ?? [])
    if (results.length > 0) state.history.push({ role: 'tool', results })
    asked = []
    answers.clear()
  }

  function answer(callId: string, text: string, failed: boolean): void {
    const call = state.open.find((open) => open.callId === callId)
    if (call === undefined) return
    answers.set(callId, { callId, name: call.name, text: cutForModel(text), failed })
    state.open = state.open.filter((open) => open !== call)
    if (state.open.length === 0) flush()
  }

  function forgetFile(fileId: string): void {
    files.delete(fileId)
    state.unread = state.unread.filter((file) => file.fileId !== fileId)
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

    unreadable(fileId: string): void {
      const part = files.get(fileId)
      const note: UserPart = { kind: 'text', text: `[file ${part?.name ?? ''} could not be read]` }
      for (const message of state.history) {
        if (message.role !== 'user') continue
        message.parts = addParts(
          [],
          message.parts.map((each) => (each === part ? note : each)),
        )
      }
      forgetFile(fileId)
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
      state.open = [...calls]
      return text
    },

    dropParts(): void {
      parts = []
    },
  }
}

function answerCalls(pen: Pen, parts: InputPart[]): void {
  for (const part of parts) {
    if (part.kind === 'tool_result') pen.answer(part.callId, asModelText(part.result), false)
  }
}

/** What a user says, as a model reads it. */
function tell(state: State, pen: Pen, parts: InputPart[]): void {
  const said = parts.map((part, at): UserPart => {
    if (part.kind !== 'file') return { kind: 'text', text: asText(part) }
    const { bytes, uri = '', mimeType, name } = part.file
    const named = name === undefined ? {} : { name }
    if (bytes !== undefined) {
      return { kind: 'file', mimeType: mimeType ?? '', data: bytes, ...named }
    }
    const typed = mimeType === undefined ? {} : { mimeType }
    return pen.file({ fileId: `${state.turn}.${at}`, uri, ...typed, ...named })
  })
  const heard = said.filter((part) => part.kind === 'file' || isSaid(part.text))
  pen.user(heard.length > 0 ? heard : [{ kind: 'text', text: '(empty message)' }])
}

function askAgain(problem: string): string {
  return `That is not the answer that was asked for: ${problem}. Answer again, with nothing but the corrected JSON.`
}

function asHistoryCall({ callId, name, arguments: text, vendor }: ToolCall): HistoryCall {
  return { callId, name, arguments: parseArguments(text) ?? {}, ...(vendor && { vendor }) }
}

/** A call's arguments as an object; undefined when the model wrote anything else. No text means none. */
export function parseArguments(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asText(part: Exclude<InputPart, { kind: 'file' }>): string {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'error':
      return `error: ${part.error}`
    case 'tool_result':
      return asModelText(part.result)
  }
}

function asModelText(result: unknown): string {
  const text = typeof result === 'string' ? result : (JSON.stringify(result) ?? '')
  return isSaid(text) ? text : '(no output)'
}

function cutForModel(text: string): string {
  const limit = limits.toolResultForModel
  if (text.length <= limit) return text
  return `${text.slice(0, limit)}\n[cut: ${text.length - limit} of ${text.length} characters left out]`
}

function textOf(parts: ReplyPart[]): string {
  return parts.flatMap((part) => (part.kind === 'text' ? part.text : [])).join('')
}

/** Vendors refuse messages that hold nothing but white space. */
function isSaid(text: string): boolean {
  return text.trim() !== ''
}
