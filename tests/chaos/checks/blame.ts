import type { Evidence, TaskEvidence } from '../evidence/evidence.ts'
import { resultsIn } from '../evidence/read-exchange.ts'
import { isPlain } from '../tasks/task-script.ts'

/** What ends a task whose worker or vendor is to blame. */
const blamed = /\b(?:worker_crashed|provider_failed)\b/

/**
 * Tasks that end so although they kill nobody and no vendor refuses them for good: whatever befell the worker or the
 * vendor, they only come later. Also what a sub-agent answers is the end of such a task.
 */
export function checkBlame({
  tasks,
  continuationPairs,
}: Evidence): { task: number; what: string }[] {
  return [
    ...tasks.flatMap((task) =>
      problemsOf(task).map((what) => ({ task: task.script.number, what })),
    ),
    ...continuationPairs.flatMap(({ number, final }) =>
      errorIn(final?.body).map((error) => ({ task: number, what: `it ended with ${error}` })),
    ),
  ]
}

function problemsOf({ script, client, final }: TaskEvidence): string[] {
  const results = final?.status === 200 ? resultsIn(final.body) : []
  const ofOthers = results.flatMap(({ callId, error }) =>
    error !== undefined && blamed.test(error) ? [`its sub-agent ${callId} ended: ${error}`] : [],
  )
  if (!isPlain(script)) return ofOthers
  return [
    ...errorIn(final?.body).map((error) => `it ended with ${error}`),
    ...client.replies.flatMap(({ body }) =>
      errorIn(body).map((error) => `its client was told ${error}`),
    ),
    ...ofOthers,
  ]
}

function errorIn(body: Record<string, unknown> | undefined): string[] {
  const texts = [body?.['error'], body?.['code'], body?.['message']].map(String)
  return texts.filter((text) => blamed.test(text))
}
