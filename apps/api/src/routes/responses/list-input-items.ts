import {
  inputItemsBody,
  InputItemsQuery,
  InputItemsReply,
  parseInputItemsQuery,
} from '../../dialects/openai/input/input-items.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { type Mount, namedAt } from './mount.ts'

/** Lists the input of a response's request as items of OpenAI Responses, for every dialect. */
export function listInputItems({ base }: Mount): Route {
  return {
    method: 'get',
    path: `${base.path}/:${base.id}/input_items`,
    doc: {
      operationId: base.operationIds.inputItems,
      tag: 'OpenAI Responses',
      summary: 'List the input items of a response',
      query: InputItemsQuery,
      replies: { 200: json('A page of items.', InputItemsReply) },
    },
    async handle(call, { tasks }) {
      const page = parseInputItemsQuery(call.query)
      const { taskId, started } = await tasks.started(namedAt(base, call), call.admit)
      return { status: 200, large: true, body: inputItemsBody(taskId, started, page) }
    },
  }
}
