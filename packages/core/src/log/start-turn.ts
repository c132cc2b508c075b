import { modelTextOf } from '../history/held-result.ts'
import type { InputPart, UserPart } from '../history/message.ts'
import type { PriorMessage, PriorResult } from '../history/prior-message.ts'
import { isBlank } from '../lib/is-blank.ts'
import { addResult } from './add-result.ts'
import type { FactOf } from './fact.ts'
import type { Folding } from './folding.ts'
import { freshTurn, type State, type TurnState } from './state.ts'

/** Begins a turn: with a message, or where a failed turn stopped. */
export function beginTurn(fact: FactOf<'turn.started'>, folding: Folding): void {
  const { state, files, calls } = folding
  const { redrive, message } = fact
  if (redrive === undefined) files.replaceFailed()
  else files.retry()
  Object.assign(state, redrive === undefined ? freshTurn() : resumedTurn(state))
  calls.clear()
  state.turn = fact.turn
  state.plan = fact.plan
  state.engine = fact.engine
  state.parent = fact.parent
  state.callerWait = fact.callerWait
  state.streamed = fact.streamed === true
  state.traceId = fact.traceId
  if (fact.variables !== undefined) state.variables = fact.variables
  if (redrive !== undefined) return
  if (message === undefined) throw new Error(`turn ${fact.turn} began with no message`)
  for (const [at, prior] of (fact.before ?? []).entries()) {
    addPriorMessage(prior, `${fact.turn}.${at}.`, folding)
  }
  if (message.role === 'tool') {
    const results = message.parts.flatMap((part) => (part.kind === 'tool_result' ? [part] : []))
    addResults(results, `${fact.turn}.`, folding)
  } else {
    const parts = message.parts.length === 0 ? goOn : message.parts
    addUserMessage(parts, `${fact.turn}.`, folding)
  }
}

/** The message to a model that continues after its own answer: many vendors require a last message of the user. */
const goOn: InputPart[] = [{ kind: 'text', text: 'Continue.' }]

/**
 * Continues where a failed turn stopped. An answer that it had stays valid, and so do the calls that it had begun. All
 * other counts start again.
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

/** Adds a prior message as if it belonged to this task. */
function addPriorMessage(prior: PriorMessage, fileIds: string, folding: Folding): void {
  const { state, history } = folding
  switch (prior.role) {
    case 'system':
      if (!isBlank(prior.text)) state.directions.push(prior.text)
      return
    case 'user':
      addUserMessage(prior.parts, fileIds, folding)
      return
    case 'assistant':
      // Every vendor requires a user message first.
      if (state.history.length === 0) addUserMessage([], fileIds, folding)
      for (const part of prior.parts) history.part(part)
      for (const { callId } of prior.calls) state.callIds.add(callId)
      history.reply(prior.calls)
      return
    case 'tool':
      addResults(prior.results, fileIds, folding)
      return
  }
}

/** Adds a user message as a model reads it. The id of a file is its position in the task. */
function addUserMessage(parts: InputPart[], fileIds: string, { history, files }: Folding): void {
  const all = parts.map((part, at): UserPart => {
    if (part.kind === 'file') return files.add(part.file, fileIds + String(at))
    return { kind: 'text', text: textOf(part) }
  })
  const visible = all.filter((part) => part.kind === 'file' || !isBlank(part.text))
  history.user(visible.length > 0 ? visible : [{ kind: 'text', text: '(empty message)' }])
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

/** Adds results that the caller sent. The ids of their files have an `r`, so they differ from those of messages. */
function addResults(results: PriorResult[], fileIds: string, folding: Folding): void {
  for (const [at, result] of results.entries()) {
    addResult(result, folding, { fileIds: `${fileIds}r${at}.`, fromCaller: true })
  }
}
