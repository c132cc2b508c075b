import { toolBody } from '../dialects/orq/tool-body.ts'
import type { Route } from '../route.ts'

export const retrieveTool: Route = {
  method: 'get',
  path: '/v2/tools/:tool_id',
  async handle({ workspace, params }, { tools }) {
    const tool = await tools.get(workspace, params['tool_id'] ?? '')
    return { status: 200, body: toolBody(tool, workspace) }
  },
}
