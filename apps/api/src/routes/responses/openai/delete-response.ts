import type { Deps } from '../../../deps.ts'
import { DeletedReply } from '../../../dialects/openai/response-reply.ts'
import { json } from '../../../reply-doc.ts'
import type { Reply, Route } from '../../../route.ts'
import { bases, namedIn } from './bases.ts'

export const deleteOpenResponses: Route[] = bases.map(({ path, name }) => ({
  method: 'delete',
  path: `${path}/:response_id`,
  doc: {
    operationId: `delete${name}Response`,
    tag: 'OpenAI Responses',
    summary: 'Delete a response',
    description:
      'It is as if it had never been; what runs is cancelled. What its conversation has said after it still builds on it. The last response of a task takes the task with it.',
    replies: { 200: json('The response is gone.', DeletedReply) },
  },
  handle: (call, deps) => hideResponse(namedIn(call), deps),
}))

/** Deletes the response that is named. */
export async function hideResponse(
  named: { workspace: string; agent?: string; id: string },
  { tasks }: Pick<Deps, 'tasks'>,
): Promise<Reply> {
  await tasks.hide(named)
  return { status: 200, body: { id: named.id, object: 'response', deleted: true } }
}
