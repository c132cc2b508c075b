import { z } from 'zod'
import { json } from '../reply-doc.ts'
import type { Route } from '../route.ts'

const CallerReply = z
  .object({
    workspace: z.string(),
    key_id: z.string().optional().meta({ description: 'The public id of the key.' }),
    scopes: z.array(z.string()).meta({
      description:
        '`workspace`: all operations on the data of the workspace. `watch`: the events of tasks.',
    }),
  })
  .meta({ id: 'Caller', description: 'The caller of a request.' })

/** Tells a caller who it is. */
export const readCaller: Route = {
  method: 'get',
  path: '/v2/caller',
  doc: {
    operationId: 'readCaller',
    tag: 'Responses',
    summary: 'Read who the caller is',
    description: 'Returns the workspace of the key, its public id, and what it may do.',
    replies: { 200: json('The caller.', CallerReply) },
  },
  handle({ workspace, principal }) {
    const { scopes } = principal
    const body = {
      workspace,
      ...(principal.type === 'key' && { key_id: principal.keyId }),
      scopes,
    }
    return Promise.resolve({ status: 200, body })
  },
}
