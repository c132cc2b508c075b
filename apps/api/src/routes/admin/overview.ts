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
    summary: 'Read the current state',
    description:
      'Counts the turns and jobs of each shard and in total, and lists the worker processes.',
    replies: { 200: json('The current state: turns, jobs and workers.', OverviewReply) },
  },
  async handle(_call, { operator }) {
    return { status: 200, body: overviewBody(await operator.overview()) }
  },
}
