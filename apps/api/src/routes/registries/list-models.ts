import { ModelsReply } from '../../dialects/openai/response-reply.ts'
import { seconds } from '../../dialects/openai/projection/response-body.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

/** For clients of OpenAI, agents are models. */
export const listModels: Route = {
  method: 'get',
  path: '/v1/models',
  doc: {
    operationId: 'listModels',
    tag: 'OpenAI Responses',
    summary: 'List agents as models',
    replies: { 200: json('All agents of the workspace, the newest first.', ModelsReply) },
  },
  async handle({ workspace }, { agents }) {
    const names = await agents.names(workspace)
    const data = names.map(({ key, createdAt }) => ({
      id: `agent/${key}`,
      object: 'model',
      created: seconds(createdAt),
      owned_by: 'longhaul',
    }))
    return { status: 200, body: { object: 'list', data } }
  },
}
