import type { Fact, ReviewDecided } from './fact.ts'
import { createPen, type Pen } from '../history/history-builder.ts'
import { HeldResult, noOutput } from '../history/held-result.ts'
import { isSaid } from '../lib/is-blank.ts'
import type { InputPart, UserPart } from '../history/message.ts'
import type { Said } from '../history/prior-messages.ts'
import { emptyState, freshTurn, resumedTurn, type State } from './state.ts'
import { rejection } from './reviews.ts'
import { trimmed } from '../history/trim.ts'
import { addUsage } from './usage.ts'

/** Folds a task's facts, from the first on, into its state. */
export function fold(facts: readonly Fact[]): State {
  const state = emptyState()
  const pen = createPen(state)
  for (const fact of facts) {
    state.facts += 1
    state.at = fact.at
    apply(state, pen, fact)
  }
  return state
}

function apply(state: State, pen: Pen, fact: Fact): void {
  switch (fact.type) {
    case 'turn.started':
      if (fact.redrive === undefined) pen.giveUpFiles()
      else pen.seekFilesAgain()
      Object.assign(state, fact.redrive === undefined ? freshTurn() : resumedTurn(state))
      pen.forgetCalls()
      state.turn = fact.turn
      state.plan = fact.plan
      state.engine = fact.engine
      state.parent = fact.parent
      state.callerWait = fact.callerWait
      state.traceId = fact.traceId
      if (fact.variables !== undefined) state.variables = fact.variables
      if (fact.redrive !== undefined) return
      if (fact.message === undefined) throw new Error(`turn ${fact.turn} began with no message`)
      for (const [at, said] of (fact.before ?? []).entries()) {
        recall(state, pen, { said, place: `${fact.turn}.${at}.` })
      }
      if (fact.message.role === 'tool') answerCalls(pen, fact.message.parts)
      else tell(pen, { parts: fact.message.parts, place: `${fact.turn}.` })
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
      state.askedIn = state.turn
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
      useReview(state, fact.callId)
      pen.called({ callId: fact.callId, name: fact.name, arguments: fact.arguments })
      return
    case 'tool.returned':
      state.usage = addUsage(state.usage, fact.usage)
      pen.note(fact.callId, { result: fact.result, ms: fact.ms })
      answer(pen, {
        callId: fact.callId,
        result: fact.result,
        note: noteOfEdit(state, fact.callId),
      })
      return
    case 'tool.failed':
      state.usage = addUsage(state.usage, fact.usage)
      pen.note(fact.callId, { error: fact.error, ms: fact.ms })
      pen.answer(fact.callId, fact.error + noteOfEdit(state, fact.callId), true)
      return
    case 'child.started':
      state.children.set(fact.callId, fact.taskId)
      return
    case 'calls.spent':
      state.callsSpent = true
      return
    case 'review.requested':
      state.reviews.set(fact.callId, { requested: fact })
      return
    case 'review.decided':
      decideReview(state, pen, fact)
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
    case 'turn.parked':
      return
  }
}

/** What was said before, as if it had been said here. */
function recall(state: State, pen: Pen, { said, place }: { said: Said; place: string }): void {
  switch (said.role) {
    case 'system':
      if (isSaid(said.text)) state.directions.push(said.text)
      return
    case 'user':
      tell(pen, { parts: said.parts, place })
      return
    case 'assistant':
      // Every vendor wants the user to begin.
      if (state.history.length === 0) tell(pen, { parts: [], place })
      for (const part of said.parts) pen.part(part)
      for (const { callId } of said.calls) state.callIds.add(callId)
      pen.reply(said.calls)
      return
    case 'tool':
      for (const { callId, result, failed = false } of said.results) {
        answer(pen, { callId, result, failed })
      }
      return
  }
}

function answerCalls(pen: Pen, parts: InputPart[]): void {
  for (const part of parts) {
    if (part.kind === 'tool_result') answer(pen, part)
  }
}

/** With the length of the whole, of which only the beginning may be held. */
function answer(
  pen: Pen,
  {
    callId,
    result,
    note = '',
    failed = false,
  }: { callId: string; result: unknown; note?: string; failed?: boolean },
): void {
  const text = asModelText(result)
  const length = result instanceof HeldResult ? result.length : text.length
  pen.answer(callId, text + note, failed, length + note.length)
}

/** The first decision holds, while the call still waits. */
function decideReview(state: State, pen: Pen, fact: ReviewDecided): void {
  const review = state.reviews.get(fact.callId)
  const call = state.open.find(({ callId }) => callId === fact.callId)
  if (review === undefined || review.decided !== undefined || call === undefined) return
  review.decided = fact
  const { arguments: edited, callId, review: decision } = fact
  if (decision === 'rejected') {
    const { name, arguments: asked } = review.requested
    pen.called({ callId, name, arguments: asked })
    const error = rejection(fact, review.requested.because)
    pen.note(callId, { error })
    pen.answer(callId, error, true)
  } else if (edited !== undefined) {
    const text = JSON.stringify(edited)
    state.open = state.open.map((each) => (each === call ? { ...each, arguments: text } : each))
  }
}

/** A call that is begun is as it was approved, once. */
function useReview(state: State, callId: string): void {
  const review = state.reviews.get(callId)
  if (review?.decided !== undefined) review.used = true
}

/** The model must know that what it reads answers other arguments than its own. */
function noteOfEdit(state: State, callId: string): string {
  const edited = state.reviews.get(callId)?.decided?.arguments
  return edited === undefined
    ? ''
    : `\n[a reviewer changed the arguments to ${JSON.stringify(edited)}]`
}

/** What a user says, as a model reads it; a file has its place in its id. */
function tell(pen: Pen, { parts, place }: { parts: InputPart[]; place: string }): void {
  const said = parts.map((part, at): UserPart => {
    if (part.kind !== 'file') return { kind: 'text', text: asText(part) }
    const { bytes, uri = '', mimeType, name } = part.file
    const named = name === undefined ? {} : { name }
    if (bytes !== undefined) {
      return { kind: 'file', mimeType: mimeType ?? '', data: bytes, ...named }
    }
    const typed = mimeType === undefined ? {} : { mimeType }
    return pen.file({ fileId: place + String(at), uri, ...typed, ...named })
  })
  const heard = said.filter((part) => part.kind === 'file' || isSaid(part.text))
  pen.user(heard.length > 0 ? heard : [{ kind: 'text', text: '(empty message)' }])
}

function askAgain(problem: string): string {
  return `That is not the answer that was asked for: ${problem}. Answer again, with nothing but the corrected JSON.`
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
  if (result instanceof HeldResult) return result.beginning
  const text = typeof result === 'string' ? result : (JSON.stringify(result) ?? '')
  return isSaid(text) ? text : noOutput
}
