import { z } from 'zod'
import { json } from '../../reply-doc.ts'
import type { OperatorRoute } from '../../route.ts'

const PausedReply = z.object({ paused: z.boolean() })

export const adminPause: OperatorRoute = {
  method: 'post',
  path: '/v2/admin/pause',
  auth: 'operator',
  doc: {
    operationId: 'adminPause',
    tag: 'Operations',
    summary: 'Pause the workers',
    description:
      'Workers take no new jobs until they are resumed. Running turns continue. New turns are accepted and wait. Deadlines still apply. Idempotent.',
    replies: { 200: json('Workers take no new jobs.', PausedReply) },
  },
  async handle(_call, { operator }) {
    await operator.pause(true)
    return { status: 200, body: { paused: true } }
  },
}

export const adminResume: OperatorRoute = {
  method: 'post',
  path: '/v2/admin/resume',
  auth: 'operator',
  doc: {
    operationId: 'adminResume',
    tag: 'Operations',
    summary: 'Resume the workers',
    description: 'Ends a pause: workers take jobs again. Idempotent.',
    replies: { 200: json('Workers take jobs.', PausedReply) },
  },
  async handle(_call, { operator }) {
    await operator.pause(false)
    return { status: 200, body: { paused: false } }
  },
}
