import { isBlank } from '../lib/is-blank.ts'
import { defined } from '../lib/defined.ts'
import type { ReplyPart } from '../history/message.ts'
import { trimmed } from '../history/trim.ts'
import { beginTurn } from './start-turn.ts'
import type { Fact, PartFinished } from './fact.ts'
import { createFolding, type Folding } from './folding.ts'
import { perFact, type PerFact } from './per-fact.ts'
import { decideReview, editNotice, useReview } from './reviews.ts'
import type { State } from './state.ts'
import { addUsage } from './usage.ts'

/** Folds a task's facts, from the first on, into its state. */
export function fold(facts: readonly Fact[]): State {
  const folding = createFolding()
  const { state } = folding
  for (const fact of facts) {
    state.facts += 1
    state.at = fact.at
    perFact(rules, fact, folding)
  }
  return state
}

/** The rule for facts that only make the log longer. */
const nothing = () => {}

const rules: PerFact<Folding, void> = {
  'turn.started': beginTurn,

  'attempt.started': nothing,

  'file.fetched'({ fileId, mimeType, data }, { files }) {
    files.fetched(fileId, { mimeType, data })
  },

  'file.failed'(fact, { state, files }) {
    files.failed(fact.fileId)
    state.fileFailed = fact
  },

  'context.trimmed'(fact, { state }) {
    state.history = trimmed(state.history, fact)
    if (fact.because === 'budget') return
    state.trimmedOnRefusal = true
    state.failures = state.failures.filter(({ code }) => code !== 'context_too_long')
  },

  'part.finished'(part, { history }) {
    history.part(replyPart(part))
  },

  'parts.abandoned': nothing,

  'step.finished'(fact, { state, history }) {
    state.steps += 1
    state.stepOfRequest = state.turn
    state.modelMs += fact.ms
    state.usage = addUsage(state.usage, fact.usage)
    state.reply = fact
    state.failures = []
    state.trimmedOnRefusal = false
    for (const call of fact.calls) state.callIds.add(call.callId)
    state.text = history.reply(fact.calls)
    if (!isBlank(state.text)) state.lastAnswer = state.text
    if (fact.problem === undefined) return
    state.misfits += 1
    history.user([{ kind: 'text', text: askAgain(fact.problem) }])
  },

  'model.failed'(fact, { state, history }) {
    state.modelMs += fact.ms
    state.failures.push(fact)
    history.dropParts()
  },

  'calls.spent'(_, { state }) {
    state.callsSpent = true
  },

  'tool.called'(fact, { state, calls }) {
    useReview(state, fact.callId)
    calls.begun(fact)
  },

  'child.started'({ callId, taskId }, { state }) {
    state.children.set(callId, taskId)
  },

  'tool.returned'({ callId, result, ms, usage }, { state, history, calls }) {
    state.usage = addUsage(state.usage, usage)
    calls.ended(callId, { result, ms })
    history.result({ callId, result }, editNotice(state, callId))
  },

  'tool.failed'({ callId, error, ms, usage }, { state, history, calls }) {
    state.usage = addUsage(state.usage, usage)
    calls.ended(callId, { error, ms })
    history.failure(callId, error + editNotice(state, callId))
  },

  'review.requested'(fact, { state }) {
    state.reviews.set(fact.callId, { requested: fact })
  },

  'review.decided': decideReview,

  'turn.parked': nothing,

  'cancel.requested'(_, { state }) {
    state.cancelRequested = true
  },

  'turn.completed'(fact, { state }) {
    state.ended = fact
  },

  'turn.failed'(fact, { state }) {
    state.ended = fact
  },
}

function replyPart({ kind, text, refusal, annotations, vendor }: PartFinished): ReplyPart {
  return { kind, text, ...defined({ refusal, annotations, vendor }) }
}

function askAgain(problem: string): string {
  return `That is not the answer that was asked for: ${problem}. Answer again, with nothing but the corrected JSON.`
}
