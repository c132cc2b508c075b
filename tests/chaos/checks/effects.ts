import { lossOfTask, lostCalls } from '../evidence/loss-of-task.ts'
import type { Check } from './check-function.ts'

/**
 * A call that must not be repeated when its outcome is unknown reaches its service at most once, and once more for each
 * failover that has lost its record.
 */
export const checkEffects: Check = ({ script, client }, evidence) => {
  const { served } = evidence
  const loss = lossOfTask(client, evidence)
  const orders = script.steps.flatMap(({ calls }) => calls.filter(({ tool }) => tool === 'order'))
  return orders.flatMap(({ id }) => {
    const times = served.filter(({ callId }) => callId === id).length
    return times <= 1 + Math.min(evidence.failovers.length, lostCalls(loss, id))
      ? []
      : [`order ${id} was sent ${times} times`]
  })
}
