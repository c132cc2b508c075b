import type { Evidence, TaskEvidence } from '../evidence/evidence.ts'
import { outlasted } from '../evidence/long-outage.ts'
import { resultsIn } from '../evidence/read-exchange.ts'
import { isPlain } from '../tasks/task-script.ts'

/** Errors that blame the worker or the vendor. */
const blamed = /\b(?:worker_crashed|provider_failed)\b/

/**
 * Finds tasks that end with such an error although they kill no worker and no vendor refuses them for as long as they wait. A fault
 * of a worker or a vendor may only delay them. The same holds for the tasks of sub-agents.
 */
export function checkBlame(evidence: Evidence): { task: number; what: string }[] {
  const { tasks, continuationPairs } = evidence
  return [
    ...tasks.flatMap((task) =>
      problemsOf(task, evidence).map((what) => ({ task: task.script.number, what })),
    ),
    ...continuationPairs.flatMap(({ number, final }) =>
      errorIn(final?.body).map((error) => ({ task: number, what: `it ended with ${error}` })),
    ),
  ]
}

function problemsOf(task: TaskEvidence, evidence: Evidence): string[] {
  const { script, client, final } = task
  const results = final?.status === 200 ? resultsIn(final.body) : []
  const ofSubAgents = results.flatMap(({ callId, error }) =>
    error !== undefined && blamed.test(error) ? [`its sub-agent ${callId} ended: ${error}`] : [],
  )
  if (!isPlain(script) || outlasted(task, evidence)) return ofSubAgents
  return [
    ...errorIn(final?.body).map((error) => `it ended with ${error}`),
    ...client.replies.flatMap(({ body }) =>
      errorIn(body).map((error) => `its client received ${error}`),
    ),
    ...ofSubAgents,
  ]
}

function errorIn(body: Record<string, unknown> | undefined): string[] {
  const texts = [body?.['error'], body?.['code'], body?.['message']].map(String)
  return texts.filter((text) => blamed.test(text))
}
