import { parseResponseId } from '@longhaul/core'
import { z } from 'zod'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { type Mount, namedAt } from './mount.ts'

const DeletedReply = z
  .object({ id: z.string(), object: z.literal('response'), deleted: z.literal(true) })
  .meta({ id: 'DeletedOpenResponse' })

/** Deletes a response, or a task if the path has a task id. */
export function deleteResponse({ base, dialect }: Mount): Route {
  const { docs } = dialect
  const { 200: response = '', 204: task } = docs.delete.replies
  return {
    method: 'delete',
    errorHeaders: dialect.errorHeaders,
    path: `${base.path}/:${base.id}`,
    doc: {
      ...docs.delete,
      operationId: base.operationIds.delete,
      tag: docs.tag,
      replies: {
        200: json(response, DeletedReply),
        ...(task !== undefined && { 204: { description: task } }),
      },
    },
    async handle(call, { tasks }) {
      const named = namedAt(base, call)
      if (base.id === 'task_id' && parseResponseId(named.id) === undefined) {
        await tasks.purge(named)
        return { status: 204 }
      }
      await tasks.softDelete(named)
      return { status: 200, body: { id: named.id, object: 'response', deleted: true } }
    },
  }
}
