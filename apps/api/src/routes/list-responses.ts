import { isUlid } from '@longhaul/core'
import { pageBody, parsePage } from '../dialects/orq/page.ts'
import { taskBody } from '../dialects/orq/response-body.ts'
import { parseTaskFilter } from '../dialects/orq/task-filter.ts'
import type { Route } from '../route.ts'

/** The latest turns of an agent's tasks, newest task first. */
export const listResponses: Route = {
  method: 'get',
  path: '/v2/agents/:agent_key/responses',
  async handle({ workspace, params, query }, { tasks }) {
    const page = parsePage(query, (cursor) => (isUlid(cursor) ? cursor : undefined))
    const agent = params['agent_key'] ?? ''
    const { last, ...found } = await tasks.list(workspace, agent, parseTaskFilter(query), page)
    // A page that looked for long ends early, and its last item may not be where the next one begins.
    return { status: 200, body: { ...pageBody(found, taskBody), ...(last && { last_id: last }) } }
  },
}
