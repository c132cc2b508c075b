import { isUlid } from '@longhaul/core'
import { pageBody, pageReply, parsePage } from '../../dialects/shared/page.ts'
import { listedTaskBody } from '../../dialects/orq/responses/response-body.ts'
import { TaskReply } from '../../dialects/orq/responses/response-reply.ts'
import { parseTaskFilter, TasksQuery } from '../../dialects/orq/responses/task-filter.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { z } from 'zod'

/** The additional field of a page of tasks. */
export const lastId = {
  last_id: z.string().optional().meta({
    description:
      'The cursor of the next page, for `starting_after`. A page may be short when many tasks were filtered out.',
  }),
}

const TasksReply = pageReply(TaskReply).extend(lastId)

/** Lists the latest turns of an agent's tasks, newest task first. */
export const listTasks: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key/responses',
  doc: {
    operationId: 'listResponses',
    tag: 'Responses',
    summary: "List an agent's tasks",
    description:
      'Lists tasks from the newest to the oldest, each as GET returns it. A task must match all filters. `metadata.<key>=<value>` is a filter, too. A page has at most 200 tasks. If `has_more` is true, pass `last_id` as `starting_after` for the next page.',
    query: TasksQuery,
    replies: { 200: json('A page of tasks.', TasksReply) },
  },
  async handle({ workspace, params, query }, { tasks }) {
    const page = parsePage(query, (cursor) => (isUlid(cursor) ? cursor : undefined))
    const agent = params['agent_key'] ?? ''
    const { last, ...found } = await tasks.list(workspace, agent, parseTaskFilter(query), page)
    // A page ends early after many tasks that do not match, so the next page may start after a task that is not in it.
    const body = { ...pageBody(found, listedTaskBody), ...(last && { last_id: last }) }
    return { status: 200, large: true, body }
  },
}
