import { logEntry } from '../../dialects/orq/log/log-entry.ts'
import { LogReply } from '../../dialects/orq/log/log-reply.ts'
import { LogQuery, parseLogQuery } from '../../request/log-query.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { holdWhileWaiting } from '../../http/hold-open.ts'

/** Reads the log of a task, fact by fact. */
export const readLog: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key/responses/:task_id/log',
  doc: {
    operationId: 'readLog',
    tag: 'Responses',
    summary: 'Read the log of a task',
    description:
      'Lists all facts of the task in order, from its first turn: messages, model calls with their usage, tool calls with arguments and results, attempts, failures and the end. If `has_more` is true, pass the `id` of the last entry as `after` for the next page.',
    query: LogQuery,
    replies: { 200: json('A page of the log.', LogReply) },
  },
  async handle({ workspace, params, query, response }, deps) {
    const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
    const page = parseLogQuery(query)
    const signal = holdWhileWaiting(page.waitMs, response, deps)
    const { taskId, number, turn, facts, more } = await deps.tasks.log(named, { ...page, signal })
    let current = turn
    const data = facts.map((fact, at) => {
      if (fact.type === 'turn.started') current = fact.turn
      return logEntry(fact, { taskId, number: number + at, turn: current })
    })
    return { status: 200, large: true, body: { object: 'list', data, has_more: more } }
  },
}
