import { OverviewReply, overviewBody } from '../../admin/overview-body.ts'
import { json } from '../../reply-doc.ts'
import type { OperatorRoute } from '../../route.ts'

export const adminOverview: OperatorRoute = {
  method: 'get',
  path: '/v2/admin',
  auth: 'operator',
  doc: {
    operationId: 'adminOverview',
    tag: 'Operations',
    summary: 'Current state',
    description:
      'How many turns and jobs there are in every shard and in all, and who works on them.',
    replies: { 200: json('Current state.', OverviewReply) },
  },
  async handle(_call, { operator }) {
    return { status: 200, body: overviewBody(await operator.overview()) }
  },
}
