import { isRefusal } from './send-request.ts'
import type { ClientEvidence } from '../evidence/evidence.ts'

/** Records the ids that a client received. */
export function recordIds(seen: ClientEvidence, taskId: unknown, responseId: unknown): void {
  const ids = { taskId: String(taskId), responseId: String(responseId) }
  const known = seen.ids.some(
    (each) => each.responseId === ids.responseId && each.taskId === ids.taskId,
  )
  if (!known) seen.ids.push(ids)
}

export function recordSurprise(
  { surprises }: { surprises: string[] },
  what: string,
  body: Record<string, unknown>,
): void {
  const text = `${what}: ${String(body['message'])}`
  if (!surprises.includes(text)) surprises.push(text)
}

/** Records how long a reply took that does not wait for a turn, also when the request failed. */
export async function recordTime(
  seen: ClientEvidence,
  act: () => Promise<Response>,
): Promise<Response> {
  const from = Date.now()
  const took = () => Date.now() - from
  try {
    const response = await act()
    const ms = took()
    if (isRefusal(response) && ms > seen.longestRefusal.ms) {
      seen.longestRefusal = { ms, at: Date.now() }
    }
    return response
  } finally {
    seen.longestWait = Math.max(seen.longestWait, took())
  }
}
