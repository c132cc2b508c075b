import { framesOf } from '../../dialects/orq/responses/frames.ts'
import { StreamEvent } from '../../dialects/orq/responses/stream-event.ts'
import { EventsHeaders, EventsQuery, parseEventsQuery } from '../../request/events-query.ts'
import { sendEvents } from '../../reply/send-events.ts'
import type { Route } from '../../route.ts'
import { holdOpen } from '../../http/hold-open.ts'

/** The events of a task, as they happen. */
export const watchTask: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key/responses/:task_id/events',
  auth: 'watch',
  doc: {
    operationId: 'watchResponse',
    tag: 'Responses',
    summary: 'Watch a task',
    description: [
      'The events of any task, whoever submitted it and in whichever way, while it runs and for as long as it is kept. Each has the number that it had in every other stream of the task: a client that was cut off goes on after the last `id` that it has seen.',
      'Without a cursor the stream begins with the latest turn, or with the turn of the response that the path names. It ends with `[DONE]` when the turn of the next event has ended, and stays open while that waits for something. An hour after the end of a turn its deltas are gone: then parts come whole, in `part.done`.',
    ].join('\n\n'),
    query: EventsQuery,
    headers: EventsHeaders,
    replies: {
      200: {
        description: 'The events after the cursor.',
        content: { 'text/event-stream': StreamEvent },
      },
      204: { description: 'Nothing comes after the cursor, and no turn runs.' },
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
    await sendEvents({ entries, framesOf: framesOf(taskId) }, { response, signal })
    return undefined
  },
}
