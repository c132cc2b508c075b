import { pageBody, parsePage } from '../dialects/orq/page.ts'
import { toolVersionBody, versionNamed } from '../dialects/orq/tool-body.ts'
import type { Route } from '../route.ts'

export const listToolVersions: Route = {
  method: 'get',
  path: '/v2/tools/:tool_id/versions',
  async handle({ workspace, params, query }, { tools }) {
    const request = parsePage(query, versionNamed)
    const page = await tools.versions(workspace, params['tool_id'] ?? '', request)
    return { status: 200, body: pageBody(page, (tool) => toolVersionBody(tool, workspace)) }
  },
}
