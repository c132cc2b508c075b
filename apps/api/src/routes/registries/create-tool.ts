import { toolBody } from '../../dialects/orq/tools/tool-body.ts'
import { ToolReply } from '../../dialects/orq/tools/tool-reply.ts'
import { CreateTool, toToolInput } from '../../dialects/orq/tools/tool-request.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const createTool: Route<typeof CreateTool> = {
  method: 'post',
  path: '/v2/tools',
  body: CreateTool,
  doc: {
    operationId: 'createTool',
    tag: 'Tools',
    summary: 'Create a tool',
    replies: { 200: json('The tool, in its first version.', ToolReply) },
    errors: { 409: 'The key is taken.' },
  },
  async handle({ workspace, body }, { tools }) {
    const tool = await tools.create(workspace, toToolInput(body))
    return { status: 200, body: toolBody(tool, workspace) }
  },
}
