import { z } from 'zod'
import { json } from '../../reply-doc.ts'
import type { OperatorRoute } from '../../route.ts'

const PausedReply = z.object({ paused: z.boolean() })

/** Stops workers from taking jobs. */
export const adminPause: OperatorRoute = {
  method: 'post',
  path: '/v2/admin/pause',
  auth: 'operator',
  doc: {
    operationId: 'adminPause',
    tag: 'Operations',
    summary: 'Let workers take no new job',
    description:
      'Turns that run go on, new ones are accepted and wait, until it is resumed; their deadlines hold. Idempotent.',
    replies: { 200: json('Workers take no new job.', PausedReply) },
  },
  async handle(_call, { operator }) {
    await operator.pause(true)
    return { status: 200, body: { paused: true } }
  },
}

/** Lets workers take jobs again. */
export const adminResume: OperatorRoute = {
  method: 'post',
  path: '/v2/admin/resume',
  auth: 'operator',
  doc: {
    operationId: 'adminResume',
    tag: 'Operations',
    summary: 'Let workers take jobs again',
    description: 'After a pause. Idempotent.',
    replies: { 200: json('Workers take jobs.', PausedReply) },
  },
  async handle(_call, { operator }) {
    await operator.pause(false)
    return { status: 200, body: { paused: false } }
  },
}
