import { isBlank } from '../lib/is-blank.ts'
import { addResultFiles } from '../history/result-files.ts'
import { defined } from '../lib/defined.ts'
import type { ReplyPart } from '../history/message.ts'
import { trimmed } from '../history/trim.ts'
import { addResult } from './add-result.ts'
import { beginTurn } from './start-turn.ts'
import type { Fact, PartFinished } from './fact.ts'
import { createFolding, type Folding } from './folding.ts'
import { perFact, type PerFact } from './per-fact.ts'
import { decideReview, editNotice, useReview } from './reviews.ts'
import type { State } from './state.ts'
import { addUsage } from './usage.ts'

/** Folds a task's facts, from the first on, into its state. */
export function fold(facts: readonly Fact[]): State {
  return createGrowingState().of(facts)
}

/**
 * The state of a log that grows. Facts that were folded before are not folded again, so they must be the same facts,
 * although their numbers and times may have changed. The state that was returned before changes, too.
 */
export function createGrowingState() {
  const folding = createFolding()
  const { state } = folding
  return {
    of(facts: readonly Fact[]): State {
      for (const fact of facts.slice(state.facts)) {
        state.facts += 1
        perFact(rules, fact, folding)
      }
      state.at = facts.at(-1)?.at ?? 0
      return state
    },
  }
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

  'tool.returned'(fact, folding) {
    const { callId, result, files = [], ms, usage } = fact
    const { state, calls } = folding
    state.usage = addUsage(state.usage, usage)
    state.resultFiles = addResultFiles(state.resultFiles, files)
    calls.ended(callId, { result, ms })
    const note = editNotice(state, callId)
    addResult(fact, folding, { fileIds: `call.${callId}.`, note })
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
