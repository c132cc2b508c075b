import {
  RedriveMany,
  RedrivingReply,
  redrivingBody,
  toRedriveRequest,
} from '../../admin/redrive-many.ts'
import { json } from '../../reply-doc.ts'
import type { OperatorRoute } from '../../route.ts'

/** Redrives many failed tasks, at most a number per second. */
export const adminRedriveMany: OperatorRoute<typeof RedriveMany> = {
  method: 'post',
  path: '/v2/admin/redrive',
  auth: 'operator',
  body: RedriveMany,
  doc: {
    operationId: 'adminRedriveMany',
    tag: 'Operations',
    summary: 'Redrive failed tasks',
    description:
      'Redrives the failed tasks that match all filters, the oldest first, or the tasks in `ids`. Workers redrive them one after the other, `per_second` in a second, after those that are already scheduled.',
    replies: { 202: json('The redrives are scheduled.', RedrivingReply) },
  },
  async handle({ body }, { operator }) {
    return { status: 202, body: redrivingBody(await operator.redriveMany(toRedriveRequest(body))) }
  },
}
