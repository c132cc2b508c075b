import { sendRequest, type Callers, isRefusal, pause } from './send-request.ts'

/** When a call was first approved, in epoch milliseconds, by `<response id>.<call id>`. */
export type Approvals = Record<string, number>

type Waiting = { agent_key: string; task_id: string; response_id: string; tool_call_id: string }

/** Approves every waiting call, and repeats that until it is confirmed. Any other answer is recorded as a surprise. */
export async function approveCalls(callers: Callers, surprises: string[]): Promise<Approvals> {
  const approvals: Approvals = {}
  const approving: Promise<void>[] = []
  const open = new Set<string>()
  while (!callers.signal.aborted) {
    for (const review of await waitingCalls(callers, surprises)) {
      const name = `${review.response_id}.${review.tool_call_id}`
      if (open.has(name)) continue
      open.add(name)
      approvals[name] ??= Date.now()
      const done = approve(review, callers, surprises)
      // A call that is listed again has lost its approval.
      approving.push(done.finally(() => open.delete(name)))
    }
    await pause(callers.signal)
  }
  await Promise.all(approving)
  return approvals
}

async function waitingCalls(callers: Callers, surprises: string[]): Promise<Waiting[]> {
  try {
    const response = await sendRequest({ method: 'GET', path: '/v2/reviews' }, callers)
    const body = (await response.json()) as { data?: Waiting[] }
    if (!response.ok && !isRefusal(response)) surprises.push(`GET reviews ${response.status}`)
    return body.data ?? []
  } catch {
    // No answer: the next round repeats the request.
    return []
  }
}

async function approve(
  { agent_key: agent, task_id: task, tool_call_id: call }: Waiting,
  callers: Callers,
  surprises: string[],
): Promise<void> {
  const path = `${agent}/responses/${task}/reviews/${call}`
  while (!callers.signal.aborted) {
    try {
      const body = { review: 'approved' }
      const response = await sendRequest({ method: 'POST', path, body }, callers)
      await response.arrayBuffer()
      // The turn may have ended meanwhile.
      if (response.ok || response.status === 409) return
      if (!isRefusal(response)) surprises.push(`POST review ${response.status}`)
    } catch {
      // No answer: the next round repeats the approval, which is idempotent.
    }
    await pause(callers.signal)
  }
}
