import { limitsBody, LimitsReply } from '../limits/limits-body.ts'
import { json } from '../reply-doc.ts'
import type { Route } from '../route.ts'

export const readLimits: Route = {
  method: 'get',
  path: '/v2/limits',
  doc: {
    operationId: 'readLimits',
    tag: 'Responses',
    summary: 'Read the limits of the workspace',
    description:
      'The limits that the operator has set for the workspace, and what the workspace uses now.',
    replies: { 200: json('The limits, and what is used.', LimitsReply) },
  },
  async handle({ workspace }, { limits, streams }) {
    const view = await limits.read(workspace)
    return { status: 200, body: limitsBody(view, streams.countOf(workspace)) }
  },
}
