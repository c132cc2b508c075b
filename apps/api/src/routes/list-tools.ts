import { isToolId } from '@longhaul/core'
import { pageBody, parsePage } from '../dialects/orq/page.ts'
import { toolBody } from '../dialects/orq/tool-body.ts'
import type { Route } from '../route.ts'

export const listTools: Route = {
  method: 'get',
  path: '/v2/tools',
  async handle({ workspace, query }, { tools }) {
    const request = parsePage(query, (cursor) => (isToolId(cursor) ? cursor : undefined))
    const page = await tools.list(workspace, request)
    return { status: 200, body: pageBody(page, (tool) => toolBody(tool, workspace)) }
  },
}
