import { invalid } from '@longhaul/core'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import type { Dialect, Named } from '../../dialects/dialect.ts'
import { dialects } from '../../dialects/index.ts'
import { oneOf } from '../../dialects/shared/one-of.ts'
import { sendEvents } from '../../reply/send-events.ts'
import { waitingCommentOf } from '../../reply/waiting-comment.ts'
import type { Call, Reply, Route } from '../../route.ts'
import { holdOpen, holdWhileWaiting } from '../../http/hold-open.ts'
import { waitMsOf } from '../../request/wait-query.ts'
import { type Mount, namedAt } from './mount.ts'
import { parseStreamQuery, ReadQuery } from './read-query.ts'
import { replyDialect } from './reply-dialect.ts'

/** Reads a response, or the latest response of a task, in its current state or as a stream. */
export function readResponse(mount: Mount): Route {
  const { base, dialect } = mount
  const { docs } = dialect
  const replyDialects = [dialect, ...dialects.filter((other) => other !== dialect)]
  const streamed = replyDialects.filter(({ streamsOnRead }) => streamsOnRead)
  return {
    method: 'get',
    errorHeaders: dialect.errorHeaders,
    path: `${base.path}/:${base.id}`,
    doc: {
      ...docs.read,
      operationId: base.operationIds.read,
      tag: docs.tag,
      query: (docs.read.query ?? z.object({})).extend(ReadQuery.shape),
      replies: {
        200: {
          description: docs.read.replies[200] ?? '',
          content: {
            'application/json': oneOf(replyDialects.map(({ schemas }) => schemas.live)),
            'text/event-stream': oneOf(streamed.map(({ schemas }) => schemas.event)),
          },
        },
      },
    },
    async handle(call, deps) {
      const named = namedAt(base, call)
      const { query, admit } = call
      const { stream, startingAfter } = parseStreamQuery(query)
      const waitMs = waitMsOf(query)
      const found = await replyDialect(named, mount, { query, tasks: deps.tasks, admit })
      if (stream) return await streamResponse(named, found, { ...call, startingAfter }, deps)
      const signal = holdWhileWaiting(waitMs, call.response, deps)
      const body = await found.live(named, {
        // The other query parameters belong to the dialect of the path.
        query: found === dialect ? query : noQuery,
        tasks: deps.tasks,
        waitMs,
        signal,
        admit,
      })
      return { status: 200, large: true, body }
    },
  }
}

const noQuery = new URLSearchParams()

async function streamResponse(
  named: Named,
  dialect: Dialect,
  { response, admit, startingAfter }: Call & { startingAfter: number | undefined },
  deps: Deps,
): Promise<Reply | undefined> {
  if (!dialect.streamsOnRead) {
    throw invalid('stream', 'is for the dialect of OpenAI Responses: read …/events in place of it')
  }
  const signal = holdOpen(response, deps)
  const whole = { after: undefined, follow: false, only: undefined, signal, admit }
  const watched = await deps.tasks.watch(named, whole)
  // Unreachable: every turn has a first entry.
  if (watched === undefined) return { status: 204 }
  const { taskId, entries } = watched
  await sendEvents(
    { entries, framesOf: dialect.frames(taskId, startingAfter) },
    { response, signal, cut: dialect.cutsStreams, comment: waitingCommentOf({ taskId }, deps) },
  )
  return undefined
}
