import { PageQuery, pageBody, pageReply, parsePage } from '../../dialects/shared/page.ts'
import { toolVersionBody, versionNamed } from '../../dialects/orq/tools/tool-body.ts'
import { ToolVersionReply } from '../../dialects/orq/tools/tool-version-reply.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'
import { listDescription } from './registry-routes.ts'

export const listToolVersions: Route = {
  method: 'get',
  path: '/v2/tools/:tool_id/versions',
  doc: {
    operationId: 'listToolVersions',
    tag: 'Tools',
    summary: 'List the versions of a tool',
    description: listDescription,
    query: PageQuery,
    replies: { 200: json('A page of versions.', pageReply(ToolVersionReply)) },
  },
  async handle({ workspace, params, query }, { tools }) {
    const request = parsePage(query, versionNamed)
    const page = await tools.versions(workspace, params['tool_id'] ?? '', request)
    return {
      status: 200,
      large: true,
      body: pageBody(page, (tool) => toolVersionBody(tool, workspace)),
    }
  },
}
