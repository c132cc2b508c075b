import { invalid } from '@longhaul/core'
import { z } from 'zod'
import type { Route } from '../../route.ts'

const DeleteAgentQuery = z.object({
  tasks: z.enum(['delete']).optional().meta({
    description:
      "`delete` deletes the agent's tasks, too. At most 500 of each shard are gone with the reply, the others within minutes.",
  }),
})

export const deleteAgent: Route = {
  method: 'delete',
  path: '/v2/agents/:agent_key',
  doc: {
    operationId: 'deleteAgent',
    tag: 'Agents',
    summary: 'Delete an agent',
    description:
      'Takes all of its versions away, cancels its turns and frees its key. Its tasks stay readable by their ids for as long as they are kept, and each can be deleted.',
    query: DeleteAgentQuery,
    replies: { 204: { description: 'The agent is gone.' } },
  },
  async handle({ workspace, params, query }, { agents }) {
    await agents.remove(workspace, params['agent_key'] ?? '', { tasks: tasksIn(query) })
    return { status: 204 }
  },
}

/** Strict, also with an empty value: a caller that sends this parameter wants more than the agent to be deleted. */
function tasksIn(query: URLSearchParams): 'cancel' | 'delete' {
  const given = query.getAll('tasks')
  if (given.some((value) => value !== 'delete')) {
    throw invalid('tasks', 'must be delete; leave it out to keep the tasks')
  }
  return given.length === 0 ? 'cancel' : 'delete'
}
