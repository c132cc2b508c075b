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
      'Those that fit all that is asked for, the oldest first, or those that `ids` names. Workers have them go on one after the other, so many a second, behind those that wait already.',
    replies: { 202: json('The tasks will be redriven.', RedrivingReply) },
  },
  async handle({ body }, { operator }) {
    return { status: 202, body: redrivingBody(await operator.redriveMany(toRedriveRequest(body))) }
  },
}
