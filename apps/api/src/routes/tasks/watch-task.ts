import { framesOf } from '../../dialects/orq/responses/frames.ts'
import { StreamEvent } from '../../dialects/orq/responses/stream-event.ts'
import { EventsHeaders, EventsQuery, parseEventsQuery } from '../../request/events-query.ts'
import { sendEvents } from '../../reply/send-events.ts'
import { waitingCommentOf } from '../../reply/waiting-comment.ts'
import type { Route } from '../../route.ts'
import { holdOpen } from '../../http/hold-open.ts'

/** Streams the events of a task. */
export const watchTask: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key/responses/:task_id/events',
  auth: 'watch',
  doc: {
    operationId: 'watchResponse',
    tag: 'Responses',
    summary: 'Watch a task',
    description: [
      'Streams the events of any task, until its retention is over. It does not matter how the task was created. An event has the same `id` in every stream of the task: a client that lost its connection continues after the last `id` that it received.',
      'Without a cursor the stream starts with the latest turn, or with the turn of the response in the path. It stays open while the turn waits, and ends with `[DONE]` when the turn has ended. One hour after the end of a turn its deltas are deleted: `part.done` then has the whole part.',
    ].join('\n\n'),
    query: EventsQuery,
    headers: EventsHeaders,
    replies: {
      200: {
        description: 'The events after the cursor.',
        content: { 'text/event-stream': StreamEvent },
      },
      204: { description: 'There is no event after the cursor, and no turn runs.' },
    },
  },
  async handle({ workspace, principal, params, query, request, response }, deps) {
    const { tasks } = deps
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    const cursor = parseEventsQuery(query, request)
    const signal = holdOpen(response, deps)
    const only = principal.type === 'watch-token' ? principal.watches : undefined
    const watched = await tasks.watch(named, { ...cursor, only, signal })
    if (watched === undefined) return { status: 204 }
    const { taskId, entries } = watched
    const comment = waitingCommentOf({ taskId }, deps)
    await sendEvents({ entries, framesOf: framesOf(taskId) }, { response, signal, comment })
    return undefined
  },
}
