import { toolBody } from '../../dialects/orq/tools/tool-body.ts'
import { ToolReply } from '../../dialects/orq/tools/tool-reply.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const retrieveTool: Route = {
  method: 'get',
  path: '/v2/tools/:tool_id',
  doc: {
    operationId: 'retrieveTool',
    tag: 'Tools',
    summary: 'Read a tool',
    replies: { 200: json('The tool.', ToolReply) },
  },
  async handle({ workspace, params }, { tools }) {
    const tool = await tools.get(workspace, params['tool_id'] ?? '')
    return { status: 200, body: toolBody(tool, workspace) }
  },
}
