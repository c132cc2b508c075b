import { toolVersionBody, versionNamed } from '../../dialects/orq/tools/tool-body.ts'
import { ToolVersionReply } from '../../dialects/orq/tools/tool-version-reply.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const getToolVersion: Route = {
  method: 'get',
  path: '/v2/tools/:tool_id/versions/:version_id',
  doc: {
    operationId: 'getToolVersion',
    tag: 'Tools',
    summary: 'Read a version of a tool',
    replies: { 200: json('The version.', ToolVersionReply) },
  },
  async handle({ workspace, params }, { tools }) {
    const id = params['version_id'] ?? ''
    const tool = await tools.version(workspace, params['tool_id'] ?? '', versionNamed(id) ?? id)
    return { status: 200, body: toolVersionBody(tool, workspace) }
  },
}
