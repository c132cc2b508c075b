import type { Check } from './check-function.ts'
import { reviewedTool } from '../cluster/create-agents.ts'

/** A call that needs approval is made only after its approval. */
export const checkApprovals: Check = ({ client }, { served, approvals }) => {
  const responseId = client.ids[0]?.responseId
  const made = served.filter((call) => call.responseId === responseId && call.tool === reviewedTool)
  return made.flatMap(({ callId, at }) => {
    const approvedAt = approvals[`${responseId}.${callId}`]
    if (approvedAt === undefined) return [`${callId} was made without approval`]
    return at < approvedAt ? [`${callId} was made ${approvedAt - at} ms before its approval`] : []
  })
}
