import { toolBody } from '../../dialects/orq/tools/tool-body.ts'
import { ToolReply } from '../../dialects/orq/tools/tool-reply.ts'
import { toToolPatch, UpdateTool } from '../../dialects/orq/tools/tool-request.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const updateTool: Route<typeof UpdateTool> = {
  method: 'patch',
  path: '/v2/tools/:tool_id',
  body: UpdateTool,
  doc: {
    operationId: 'updateTool',
    tag: 'Tools',
    summary: 'Change a tool',
    description:
      "Makes a new version. Only the fields that are given change; a tool's type never does.",
    replies: { 200: json('The tool, in its new version.', ToolReply) },
    errors: { 409: 'The new key is taken, or somebody else changed the tool meanwhile.' },
  },
  async handle({ workspace, params, body }, { tools }) {
    const patch = toToolPatch(body)
    const tool = await tools.update(workspace, params['tool_id'] ?? '', patch)
    return { status: 200, body: toolBody(tool, workspace) }
  },
}
