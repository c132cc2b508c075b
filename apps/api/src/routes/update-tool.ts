import { toolBody } from '../dialects/orq/tool-body.ts'
import { toToolPatch, UpdateTool } from '../dialects/orq/tool-schemas.ts'
import { parse } from '../parse.ts'
import type { Route } from '../route.ts'

export const updateTool: Route = {
  method: 'patch',
  path: '/v2/tools/:tool_id',
  async handle({ workspace, params, body }, { tools }) {
    const patch = toToolPatch(parse(UpdateTool, body))
    const tool = await tools.update(workspace, params['tool_id'] ?? '', patch)
    return { status: 200, body: toolBody(tool, workspace) }
  },
}
