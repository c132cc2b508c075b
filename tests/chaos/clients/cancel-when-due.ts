import { setTimeout as sleep } from 'node:timers/promises'
import { sendRequest, isRefusal, pause } from './send-request.ts'
import type { ClientOptions } from './client-options.ts'
import type { ClientEvidence } from '../evidence/evidence.ts'
import { recordSurprise, recordTime } from './client-recorder.ts'
import { usualAgent } from '../cluster/create-agents.ts'
import type { TaskScript } from '../tasks/task-script.ts'

type Options = ClientOptions & {
  seen: ClientEvidence
  /** Aborted when the task has ended. */
  left: AbortSignal
}

/** Cancels a task at the moment in its script, unless the task ends before. */
export async function cancelWhenDue(task: TaskScript, options: Options): Promise<void> {
  if (task.cancel === undefined) return
  const { step, after } = task.cancel
  const { onRequest, signal, left, seen } = options
  const waiting = AbortSignal.any([signal, left])
  let taskId: string | undefined
  try {
    // A synchronous caller does not know its task's id earlier.
    if (step === 0 && task.mode !== 'sync') {
      while (seen.ids.length === 0) await sleep(5, undefined, { signal: waiting })
    } else {
      const asked = await onRequest({ task: task.number, step: Math.max(1, step) }, waiting)
      taskId = taskOfResponse(asked.responseId)
    }
    await sleep(after, undefined, { signal })
  } catch {
    return
  }
  await cancel({ taskId: taskId ?? seen.ids[0]?.taskId ?? '', agent: task.agent }, options)
}

async function cancel(
  { taskId, agent = usualAgent }: { taskId: string; agent: string | undefined },
  options: Options,
): Promise<void> {
  const { signal, seen } = options
  const request = { method: 'POST' as const, path: `${agent}/responses/${taskId}/cancel` }
  while (!signal.aborted) {
    try {
      const response = await recordTime(seen, () => sendRequest(request, options))
      const body = (await response.json()) as Record<string, unknown>
      if (response.ok) {
        seen.cancel = { at: Date.now(), status: response.status, body }
        return
      }
      if (!isRefusal(response)) recordSurprise(seen, `cancel ${response.status}`, body)
    } catch {
      // No answer: the cancel is repeated. It is idempotent.
    }
    await pause(signal)
  }
}

/** `resp_<task id><turn, 4 digits>` */
function taskOfResponse(responseId: string): string {
  return responseId.slice('resp_'.length, -4)
}
