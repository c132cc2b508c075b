import { modelTextOf } from '../history/held-result.ts'
import type { InputPart, UserPart } from '../history/message.ts'
import type { PriorMessage } from '../history/prior-message.ts'
import { isBlank } from '../lib/is-blank.ts'
import type { FactOf } from './fact.ts'
import type { Folding } from './folding.ts'
import { freshTurn, type State, type TurnState } from './state.ts'

/** A turn begins: with a message, or where a failed turn stopped. */
export function beginTurn(fact: FactOf<'turn.started'>, folding: Folding): void {
  const { state, files, calls } = folding
  const { redrive, message } = fact
  if (redrive === undefined) files.giveUp()
  else files.retry()
  Object.assign(state, redrive === undefined ? freshTurn() : resumedTurn(state))
  calls.clear()
  state.turn = fact.turn
  state.plan = fact.plan
  state.engine = fact.engine
  state.parent = fact.parent
  state.callerWait = fact.callerWait
  state.traceId = fact.traceId
  if (fact.variables !== undefined) state.variables = fact.variables
  if (redrive !== undefined) return
  if (message === undefined) throw new Error(`turn ${fact.turn} began with no message`)
  for (const [at, priorMessage] of (fact.before ?? []).entries()) {
    addPriorMessage(priorMessage, `${fact.turn}.${at}.`, folding)
  }
  if (message.role === 'tool') answerCalls(message.parts, folding)
  else addUserMessage(message.parts, `${fact.turn}.`, folding)
}

/**
 * Goes on where a failed turn stopped: an answer that it had holds, and so does what it had begun. All
 * else is counted anew.
 */
function resumedTurn(failed: State): TurnState {
  const { reply, text, lastAnswer, open } = failed
  const answered = reply !== undefined && reply.calls.length === 0 && reply.problem === undefined
  const begun = [...failed.callsBegunBefore, ...failed.calls.map(({ callId }) => callId)]
  return {
    ...freshTurn(),
    ...(answered && { reply, text, lastAnswer }),
    stepsBefore: failed.stepsBefore + failed.steps,
    callsBegunBefore: new Set(begun.filter((id) => open.some(({ callId }) => callId === id))),
  }
}

/** What was said before, as if it had been said here. */
function addPriorMessage(priorMessage: PriorMessage, fileIds: string, folding: Folding): void {
  const { state, history } = folding
  switch (priorMessage.role) {
    case 'system':
      if (!isBlank(priorMessage.text)) state.directions.push(priorMessage.text)
      return
    case 'user':
      addUserMessage(priorMessage.parts, fileIds, folding)
      return
    case 'assistant':
      // Every vendor wants the user to begin.
      if (state.history.length === 0) addUserMessage([], fileIds, folding)
      for (const part of priorMessage.parts) history.part(part)
      for (const { callId } of priorMessage.calls) state.callIds.add(callId)
      history.reply(priorMessage.calls)
      return
    case 'tool':
      for (const result of priorMessage.results) history.result(result)
      return
  }
}

/** What a user says, as a model reads it. The id of a file is its place in the task. */
function addUserMessage(parts: InputPart[], fileIds: string, { history, files }: Folding): void {
  const all = parts.map((part, at): UserPart => {
    if (part.kind !== 'file') return { kind: 'text', text: textOf(part) }
    const { bytes, uri = '', mimeType, name } = part.file
    const named = name === undefined ? {} : { name }
    if (bytes !== undefined) {
      return { kind: 'file', mimeType: mimeType ?? '', data: bytes, ...named }
    }
    const typed = mimeType === undefined ? {} : { mimeType }
    return files.add({ fileId: fileIds + String(at), uri, ...typed, ...named })
  })
  const kept = all.filter((part) => part.kind === 'file' || !isBlank(part.text))
  history.user(kept.length > 0 ? kept : [{ kind: 'text', text: '(empty message)' }])
}

function textOf(part: Exclude<InputPart, { kind: 'file' }>): string {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'error':
      return `error: ${part.error}`
    case 'tool_result':
      return modelTextOf(part.result).text
  }
}

function answerCalls(parts: InputPart[], { history }: Folding): void {
  for (const part of parts) {
    if (part.kind === 'tool_result') history.result(part)
  }
}
