import { isToolId } from '@longhaul/core'
import { PageQuery, pageBody, pageReply, parsePage } from '../../dialects/shared/page.ts'
import { toolBody } from '../../dialects/orq/tools/tool-body.ts'
import { ToolReply } from '../../dialects/orq/tools/tool-reply.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const listTools: Route = {
  method: 'get',
  path: '/v2/tools',
  doc: {
    operationId: 'listTools',
    tag: 'Tools',
    summary: 'List tools',
    description:
      'From the newest to the oldest; all of them unless there is a limit. A page of more than 8 MB ends early: while `has_more` is true, the next one begins after its last item.',
    query: PageQuery,
    replies: { 200: json('A page of tools.', pageReply(ToolReply)) },
  },
  async handle({ workspace, query }, { tools }) {
    const request = parsePage(query, (cursor) => (isToolId(cursor) ? cursor : undefined))
    const page = await tools.list(workspace, request)
    return { status: 200, large: true, body: pageBody(page, (tool) => toolBody(tool, workspace)) }
  },
}
