import { type Agent, invalid, isUlid } from '@longhaul/core'
import { z } from 'zod'
import { orq } from '../../dialects/orq/index.ts'
import { agentBody } from '../../dialects/orq/agents/agent-body.ts'
import { AgentReply } from '../../dialects/orq/agents/agent-reply.ts'
import {
  CreateAgent,
  toAgentInput,
  toAgentPatch,
  UpdateAgent,
} from '../../dialects/orq/agents/agent-request.ts'
import { PageQuery } from '../../dialects/shared/page.ts'
import { parseQuery } from '../../request/parse-query.ts'
import { registryRoutes } from './registry-routes.ts'

const AgentsQuery = PageQuery.extend({
  type: z.enum(['internal', 'a2a']).optional().meta({
    description:
      'The type of agents. All agents are `internal`, so a list of `a2a` agents is empty.',
  }),
})

const DeleteAgentQuery = z.object({
  tasks: z.enum(['delete']).optional().meta({
    description:
      "`delete` deletes the agent's tasks, too. At most 500 of each shard are gone with the reply, the others within minutes.",
  }),
})

export const agents = registryRoutes<Agent, typeof CreateAgent, typeof UpdateAgent>({
  path: '/v2/agents',
  parameter: 'agent_key',
  words: {
    tag: 'Agents',
    operationNames: { one: 'Agent', many: 'Agents' },
    item: 'an agent',
    items: 'agents',
    short: 'agent',
  },
  refusesUnsupported: true,
  errorPaths: orq.errorPaths,
  reply: AgentReply,
  body: agentBody,
  verbs: (deps) => deps.agents,
  create: {
    body: CreateAgent,
    run: (deps, workspace, body) => deps.agents.create(workspace, toAgentInput(body)),
    status: 201,
    reply: 'The first version of the agent.',
  },
  list: {
    isId: isUlid,
    query: AgentsQuery,
    // Older SDKs can list remote agents, which do not exist here.
    isEmpty: (query) => parseQuery(AgentsQuery, query).type === 'a2a',
  },
  update: {
    body: UpdateAgent,
    run: (deps, { workspace, id }, body) => deps.agents.update(workspace, id, toAgentPatch(body)),
    reply: 'The new version of the agent.',
    description:
      'Creates a new version. Only the fields in the request change. A list replaces the whole previous list.',
    conflict: 'The new key is in use, or the agent was changed concurrently.',
  },
  remove: {
    description:
      'Deletes all versions of the agent, cancels its turns and frees its key. Its tasks stay readable by their ids until their retention is over, and each can be deleted.',
    query: DeleteAgentQuery,
    replies: { 204: { description: 'The agent is deleted.' } },
    run: (deps, { workspace, id, query }) =>
      deps.agents.remove(workspace, id, { tasks: tasksIn(query) }),
  },
})

/** Strict, even for an empty value: a caller that sends this parameter wants to delete more than the agent. */
function tasksIn(query: URLSearchParams): 'cancel' | 'delete' {
  const values = query.getAll('tasks')
  if (values.some((value) => value !== 'delete')) {
    throw invalid('tasks', 'must be delete; leave it out to keep the tasks')
  }
  return values.length === 0 ? 'cancel' : 'delete'
}
