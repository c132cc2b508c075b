import type { WorkKind } from '@longhaul/core'
import type { Admitted, StepPorts } from '../pipeline.ts'
import type { Target } from '../target.ts'
import type { RequestFields } from '../turn-request.ts'

/** Refuses a turn that the store would refuse, or for which the system is overloaded. Answers to calls always pass. */
export function refuseWork(
  request: RequestFields,
  { target }: Pick<Admitted, 'target'>,
  { refuseWork: refuse }: Pick<StepPorts, 'refuseWork'>,
): undefined {
  if (answersCalls(target)) return
  const { workspace, fairnessKey = '' } = request
  refuse({ workspace, fairnessKey, kind: kindOf(request, target) })
}

/**
 * Whether a turn of this target answers calls that wait in its task. Each is answered once there, so no limit is needed.
 * A copy of the task has its calls, too, but anyone may make copies.
 */
export function answersCalls({ task, pending }: Target): boolean {
  return task !== undefined && pending.length > 0
}

function kindOf({ isAwaited = false }: RequestFields, { task, copy }: Target): WorkKind {
  if (task !== undefined || copy !== undefined) return 'continuation'
  return isAwaited ? 'awaited' : 'background'
}
