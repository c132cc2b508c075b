import { hasEnded, invalid, limits, type Status } from '@longhaul/core'
import { closing } from '../../../closing.ts'
import type { Deps } from '../../../deps.ts'
import { responseOf } from '../../../dialects/openai/response-projection.ts'
import { ResponseReply } from '../../../dialects/openai/response-reply.ts'
import { json } from '../../../reply-doc.ts'
import type { Call, Reply, Route } from '../../../route.ts'
import { bases, namedIn } from './bases.ts'

export const cancelOpenResponses: Route[] = bases.map(({ path, name }) => ({
  method: 'post',
  path: `${path}/:response_id/cancel`,
  doc: {
    operationId: `cancel${name}Response`,
    tag: 'OpenAI Responses',
    summary: 'Cancel a response',
    description:
      'No model or tool is called any more, and what runs is stopped. Twice is as once; a response that has ended stays what it is, and is refused where somebody has waited for it.',
    replies: { 200: json('The response, cancelled or as it had ended.', ResponseReply) },
  },
  handle: (call, deps) => stopResponse(namedIn(call), call, deps),
}))

/** How long a running turn has to stop until the reply tells that it is still running, milliseconds. */
const patience = limits.cancelWait

/** Cancels the response that is named, and shows it. */
export async function stopResponse(
  named: { workspace: string; agent?: string; id: string },
  { response, admit }: Call,
  { tasks, stopping }: Deps,
): Promise<Reply> {
  const signal = closing(response, stopping)
  const read = async (admitted: (bytes: number, status: Status) => void) => {
    const options = { waitMs: 0, signal, admit: admitted }
    const { taskId, facts } = await tasks.turn(named, options)
    return await responseOf(taskId, facts)
  }
  // Where there is something to cancel, nothing is refused.
  const before = await read((bytes, status) => {
    if (hasEnded(status)) admit(bytes)
  })
  const runs = before.status === 'queued' || before.status === 'in_progress'
  if (!runs) {
    if (before.background || before.status === 'cancelled')
      return { status: 200, large: true, body: before }
    throw invalid('response_id', `${before.id} was not made in the background and has ended`)
  }
  await tasks.cancel(named, { waitMs: patience, signal })
  return { status: 200, large: true, owed: true, body: await read(() => {}) }
}
