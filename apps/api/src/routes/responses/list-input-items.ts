import type { Deps } from '../../deps.ts'
import {
  inputItemsBody,
  InputItemsQuery,
  InputItemsReply,
  parseInputItemsQuery,
} from '../../dialects/openai/input/input-items.ts'
import { json } from '../../reply-doc.ts'
import type { Call, Reply, Route, RouteDoc } from '../../route.ts'
import { bases, namedIn } from './openai/bases.ts'

const doc: Omit<RouteDoc, 'operationId'> = {
  tag: 'OpenAI Responses',
  summary: 'List what the request of a response has said',
  query: InputItemsQuery,
  replies: { 200: json('A page of items.', InputItemsReply) },
}

export const listOpenInputItems: Route[] = [
  ...bases.map(({ path, name }): Route => ({
    method: 'get',
    path: `${path}/:response_id/input_items`,
    doc: { operationId: `list${name}InputItems`, ...doc },
    handle: (call, deps) => showInputItems(namedIn(call), call, deps),
  })),
  {
    method: 'get',
    path: '/v2/agents/:agent_key/responses/:task_id/input_items',
    doc: { operationId: 'listInputItems', ...doc },
    async handle(call, deps) {
      const { workspace, params } = call
      const named = { workspace, agent: params['agent_key'] ?? '', id: params['task_id'] ?? '' }
      return await showInputItems(named, call, deps)
    },
  },
]

async function showInputItems(
  named: { workspace: string; agent?: string; id: string },
  { query, admit }: Call,
  { tasks }: Deps,
): Promise<Reply> {
  const page = parseInputItemsQuery(query)
  return { status: 200, large: true, body: inputItemsBody(await tasks.started(named, admit), page) }
}
