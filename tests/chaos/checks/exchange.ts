import type { Check } from './check-function.ts'
import { findFaults } from '../evidence/find-faults.ts'
import type { Evidence, TaskEvidence } from '../evidence/evidence.ts'
import { expectedOf } from '../evidence/expected.ts'
import { resultsIn, textsIn } from '../evidence/read-exchange.ts'
import { mustFail, type ToolCallScript } from '../tasks/task-script.ts'

/** The texts are those of the script, in order. Each call has one result, of the kind in its script. */
export const checkExchange: Check = (task, evidence) => {
  const { final } = task
  if (final === undefined) return []
  const { steps, calls, openCalls } = expectedOf(task, evidence)
  const texts = textsIn(final.body)
  const expected = steps.flatMap(({ text }) => (text === '' ? [] : text))
  const results = resultsIn(final.body)
  const of = (id: string) => results.filter(({ callId }) => callId === id)
  const known = new Set([...calls, ...openCalls].map(({ id }) => id))
  return [
    ...(JSON.stringify(texts) === JSON.stringify(expected)
      ? []
      : [`it has ${texts.length} texts, ${JSON.stringify(texts)}`]),
    ...results.flatMap(({ callId }) =>
      known.has(callId) ? [] : [`it has a result of ${callId}, which is no call of its script`],
    ),
    ...openCalls.flatMap(({ id }) =>
      of(id).length <= 1 ? [] : [`call ${id} has ${of(id).length} results`],
    ),
    ...calls.flatMap((call) => {
      const found = of(call.id)
      if (found.length !== 1) return [`call ${call.id} has ${found.length} results`]
      return problemsOf(call, found[0]?.error, { task, evidence })
    }),
  ]
}

function problemsOf(
  call: ToolCallScript,
  error: string | undefined,
  { task, evidence }: { task: TaskEvidence; evidence: Evidence },
): string[] {
  const { id, tool } = call
  if (mustFail(call)) return error === undefined ? [`call ${id} went well`] : []
  if (error === undefined) return []
  const { submittedAt: from, endedAt: to = Infinity } = task.client
  const unknown = tool === 'order' && error.startsWith('the outcome is unknown')
  const whys =
    tool === 'call_sub_agent'
      ? (['worker', 'model'] as const)
      : unknown
        ? (['worker'] as const)
        : (['tools'] as const)
  const explained = whys.some((of) => findFaults(evidence.faults, { from, to, of }).length > 0)
  return explained ? [] : [`call ${id} failed, and no fault explains it: ${error}`]
}
