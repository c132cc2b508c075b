import type { Check } from '../check.ts'
import { disturbances } from '../disturbances.ts'
import type { Evidence, TaskEvidence } from '../evidence.ts'
import { resultsIn, textsIn } from '../read-exchange.ts'
import type { ToolCallScript } from '../script-task.ts'

/** The texts are those of the script in its order; each call has one result, of the kind that its script says. */
export const checkExchange: Check = (task, evidence) => {
  const { script, final } = task
  if (final === undefined) return []
  const texts = textsIn(final.body)
  const expected = script.steps.flatMap(({ text }) => (text === '' ? [] : text))
  const results = resultsIn(final.body)
  const calls = script.steps.flatMap((step) => step.calls)
  return [
    ...(JSON.stringify(texts) === JSON.stringify(expected)
      ? []
      : [`it has ${texts.length} texts, ${JSON.stringify(texts)}`]),
    ...(results.length === calls.length
      ? []
      : [`it has ${results.length} results to ${calls.length} calls`]),
    ...calls.flatMap((call) => {
      const found = results.filter(({ callId }) => callId === call.id)
      if (found.length !== 1) return [`call ${call.id} has ${found.length} results`]
      return problemsOf(call, found[0]?.error, { task, evidence })
    }),
  ]
}

function problemsOf(
  { id, tool, service }: ToolCallScript,
  error: string | undefined,
  { task, evidence }: { task: TaskEvidence; evidence: Evidence },
): string[] {
  if (service !== 'answers') return error === undefined ? [`call ${id} went well`] : []
  if (error === undefined) return []
  const { submittedAt: from, endedAt: to = Infinity } = task.client
  const unknown = tool === 'order' && error.startsWith('the outcome is unknown')
  const whys = unknown ? 'worker' : 'tools'
  const explained = disturbances(evidence.faults, { from, to, of: whys }).length > 0
  return explained ? [] : [`call ${id} failed, and no fault tells why: ${error}`]
}
