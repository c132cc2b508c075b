import { cutText } from '../lib/cut-text.ts'
import type { Fact, NewFact, Parent } from '../log/fact.ts'
import { fold } from '../log/fold.ts'
import { limits } from '../limits/limits.ts'
import { readable } from '../log/newer-facts.ts'
import { type Result, resultOf } from '../log/turn-result.ts'

/**
 * The answer of a sub-agent's task to the call that began it, from the task's facts; undefined while its first turn
 * runs. Later turns of the task do not affect the caller.
 */
export function childAnswer(taskId: string, facts: readonly Fact[]): NewFact | undefined {
  const end = facts.findIndex(({ type }) => type === 'turn.completed' || type === 'turn.failed')
  const [started] = facts
  if (end === -1 || started?.type !== 'turn.started' || started.parent === undefined)
    return undefined
  const state = fold(readable(facts.slice(0, end + 1)))
  const { ended, usage } = state
  if (ended === undefined) return undefined
  const ms = (facts[end]?.at ?? started.at) - started.at
  const answer = answerOf(taskId, resultOf(state, ended, started.model))
  const { callId } = started.parent
  return { ...answer, callId, toolId: 'call_sub_agent', ms, ...(usage && { usage }) }
}

/** The answer to a call whose sub-agent's task has ended and cannot be read. */
export function childLost(
  taskId: string,
  { callId, because }: Pick<Parent, 'callId'> & { because: 'deleted' | 'broken' },
): NewFact {
  const what = because === 'deleted' ? 'was deleted' : 'cannot be read'
  const error = `the task of the agent ${what} (task ${taskId})`
  return { type: 'tool.failed', callId, toolId: 'call_sub_agent', error, ms: 0 }
}

/** The task of the sub-agent has the whole text. */
function cut(text: string): string {
  const limit = limits.storedToolResult - 1_000
  return text.length <= limit
    ? text
    : `${cutText(text, limit)}\n[cut: ${text.length} characters in all]`
}

type Answer = { type: 'tool.returned'; result: unknown } | { type: 'tool.failed'; error: string }

function answerOf(taskId: string, result: Result): Answer {
  if ('failure' in result) {
    const { code, message } = result.failure
    return { type: 'tool.failed', error: `the agent failed: ${code}: ${message} (task ${taskId})` }
  }
  if (result.pending.length > 0) {
    const names = result.pending.map(({ name }) => name).join(', ')
    const error = `the agent wants functions that only a client can run: ${names} (task ${taskId})`
    return { type: 'tool.failed', error }
  }
  const { text, reason } = result
  const short = reason === 'stop' ? {} : { finish_reason: reason }
  return { type: 'tool.returned', result: { task_id: taskId, output: cut(text), ...short } }
}
