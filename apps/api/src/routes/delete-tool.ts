import type { Route } from '../route.ts'

/** 200 and not 204: the SDKs of this dialect take nothing else. */
export const deleteTool: Route = {
  method: 'delete',
  path: '/v2/tools/:tool_id',
  async handle({ workspace, params }, { tools }) {
    await tools.remove(workspace, params['tool_id'] ?? '')
    return { status: 200, body: {} }
  },
}
