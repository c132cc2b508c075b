import { isUlid, noAgent } from '@longhaul/core'
import { z } from 'zod'
import { pageBody, pageReply, parsePage } from '../../dialects/shared/page.ts'
import { listedTaskBody } from '../../dialects/orq/responses/response-body.ts'
import { parseTaskFilter, TasksQuery } from '../../dialects/orq/responses/task-filter.ts'
import { parseQuery } from '../../request/parse-query.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { lastId } from './list-tasks.ts'
import { TaskOfAgent } from './task-of-agent.ts'

const AllTasksQuery = TasksQuery.extend({
  agent: z.string().optional().meta({ description: "The agent's key or `_id`." }),
})

const TasksReply = pageReply(TaskOfAgent).extend(lastId)

/** Lists the latest turns of the tasks of all agents, newest task first. */
export const listAllTasks: Route = {
  method: 'get',
  path: '/v2/responses',
  doc: {
    operationId: 'listAllResponses',
    tag: 'Responses',
    summary: 'List tasks of all agents',
    description: 'Lists tasks as the list of one agent does, each with the key of its agent.',
    query: AllTasksQuery,
    replies: { 200: json('A page of tasks.', TasksReply) },
    errors: { 404: 'The workspace has no such agent.' },
  },
  async handle({ workspace, query }, { tasks, agents }) {
    const page = parsePage(query, (cursor) => (isUlid(cursor) ? cursor : undefined))
    const { agent } = parseQuery(AllTasksQuery, query)
    const { last, ...found } = await tasks.list(workspace, agent, parseTaskFilter(query), page)
    const ids = found.items.map(({ agentId }) => agentId).filter((id) => id !== noAgent)
    const keys = await agents.keysOf(workspace, new Set(ids))
    const body = pageBody(found, (view) => ({
      ...(view.agentId !== noAgent && { agent_key: keys.get(view.agentId) }),
      ...listedTaskBody(view),
    }))
    return { status: 200, large: true, body: { ...body, ...(last && { last_id: last }) } }
  },
}
