import { z } from 'zod'
import type { Deps } from '../../../deps.ts'
import { FormatQuery, formatOf } from '../../../dialects/format.ts'
import { framesOf } from '../../../dialects/openai/frames.ts'
import { responseOf } from '../../../dialects/openai/response-projection.ts'
import { ResponseReply } from '../../../dialects/openai/response-reply.ts'
import { parseRetrieveQuery, RetrieveQuery } from '../../../dialects/openai/retrieve-query.ts'
import { taskBody } from '../../../dialects/orq/responses/response-body.ts'
import { TaskReply } from '../../../dialects/orq/responses/response-reply.ts'
import { relay } from '../../../relay.ts'
import type { Call, Reply, Route } from '../../../route.ts'
import { stayingOpen, waitingFor } from '../../../staying-open.ts'
import { waitMsOf, WaitQuery } from '../../../wait-query.ts'
import { watchInstead } from '../shown-dialect.ts'
import { bases, namedIn } from './bases.ts'
import { replyContent } from './create-response.ts'

/** What may be asked of a response that is read. */
export const retrieveQuery = RetrieveQuery.extend(WaitQuery.shape).extend(FormatQuery.shape)

export const retrieveOpenResponses: Route[] = bases.map(({ path, name }) => ({
  method: 'get',
  path: `${path}/:response_id`,
  doc: {
    operationId: `retrieve${name}Response`,
    tag: 'OpenAI Responses',
    summary: 'Read a response, or its stream',
    description:
      'Of any turn, whichever way and in whichever dialect it was made, for as long as its task is kept.',
    query: retrieveQuery,
    replies: {
      200: {
        description: 'The response as it is now.',
        content: { ...replyContent, 'application/json': z.union([ResponseReply, TaskReply]) },
      },
    },
  },
  async handle(call, deps) {
    const named = namedIn(call)
    const { stream } = parseRetrieveQuery(call.query)
    if (formatOf(call.query) !== 'orq') return await showResponse(named, call, deps)
    if (stream) throw watchInstead()
    return await inOrq(call, deps)
  },
}))

type Named = { workspace: string; agent?: string; id: string }

/** The response that is named, or its stream. */
export async function showResponse(
  named: Named,
  { query, response, admit }: Call,
  deps: Deps,
): Promise<Reply | undefined> {
  const { tasks } = deps
  const { stream, startingAfter } = parseRetrieveQuery(query)
  const waitMs = waitMsOf(query)
  const signal = stream ? stayingOpen(response, deps) : waitingFor(waitMs, response, deps)
  if (!stream) {
    const { taskId, facts } = await tasks.turn(named, { waitMs, signal, admit })
    return { status: 200, large: true, body: await responseOf(taskId, facts) }
  }
  const whole = { after: undefined, follow: false, only: undefined, signal, admit }
  const watched = await tasks.watch(named, whole)
  // A turn that is there has a first entry.
  if (watched === undefined) return { status: 204 }
  const { taskId, entries } = watched
  await relay({ entries, framesOf: framesOf(taskId, startingAfter) }, { response, signal })
  return undefined
}

/** The task of a response, as the other dialect shows it. */
async function inOrq(call: Call, deps: Deps): Promise<Reply> {
  const waitMs = waitMsOf(call.query)
  const signal = waitingFor(waitMs, call.response, deps)
  const view = await deps.tasks.get(namedIn(call), { waitMs, signal })
  return { status: 200, body: taskBody(view) }
}
