import type { Check } from './check-function.ts'
import { lossOfTask } from '../evidence/loss-of-task.ts'
import { findFaults } from '../evidence/find-faults.ts'

/** How long after the reply to a cancel a call may still be made, in milliseconds. */
const grace = 1_000

/** After a cancel no model and no tool is called, unless a fault kept the cancel from the worker. */
export const checkCancels: Check = ({ client }, evidence) => {
  const { asked, served, faults } = evidence
  const { cancel, ids } = client
  if (cancel === undefined) return []
  const lost = lossOfTask(client, evidence)?.facts ?? []
  if (lost.some(({ type }) => type === 'cancel.requested' || type === 'turn.failed')) return []
  const responseId = ids[0]?.responseId
  const late = [...asked, ...served].filter(
    (call) => call.responseId === responseId && call.at > cancel.at + grace,
  )
  return late.flatMap(({ at }) => {
    const excuses = findFaults(faults, { from: cancel.at, to: at, of: 'worker' })
    return excuses.length > 0 ? [] : [`a call was made ${at - cancel.at} ms after its cancel`]
  })
}
