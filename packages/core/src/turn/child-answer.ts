import { cutText } from '../lib/cut-text.ts'
import type { Fact, NewFact, Parent } from '../log/fact.ts'
import { fold } from '../log/fold.ts'
import { limits } from '../limits/limits.ts'
import { readable } from '../log/newer-facts.ts'
import { type Result, resultOf } from '../log/turn-result.ts'

/**
 * What a sub-agent's task answers the call that began it, from its facts; undefined while its first turn runs.
 * Whatever its task does after that is nothing to the caller.
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

/** What the caller reads where the task of its sub-agent has ended and cannot be read. */
export function childLost(
  taskId: string,
  { callId, because }: Pick<Parent, 'callId'> & { because: 'deleted' | 'broken' },
): NewFact {
  const what = because === 'deleted' ? 'was deleted' : 'cannot be read'
  const error = `the task of the agent ${what} (task ${taskId})`
  return { type: 'tool.failed', callId, toolId: 'call_sub_agent', error, ms: 0 }
}

/** Its own task has the whole. */
function cut(text: string): string {
  const most = limits.storedToolResult - 1_000
  return text.length <= most
    ? text
    : `${cutText(text, most)}\n[cut: ${text.length} characters in all]`
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
