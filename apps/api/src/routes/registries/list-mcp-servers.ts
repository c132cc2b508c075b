import { isMcpServerId } from '@longhaul/core'
import { mcpServerBody, McpServersReply } from '../../dialects/orq/mcp/mcp-server-body.ts'
import { pageBody, PageQuery, parsePage } from '../../dialects/shared/page.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const listMcpServers: Route = {
  method: 'get',
  path: '/v2/mcp-servers',
  doc: {
    operationId: 'listMcpServers',
    tag: 'Tools',
    summary: 'List MCP servers',
    description:
      'From the newest to the oldest; all of them unless there is a limit. A page of more than 8 MB ends early: while `has_more` is true, the next one begins after its last item.',
    query: PageQuery,
    replies: { 200: json('A page of servers.', McpServersReply) },
  },
  async handle({ workspace, query }, { mcpServers }) {
    const request = parsePage(query, (cursor) => (isMcpServerId(cursor) ? cursor : undefined))
    const page = await mcpServers.list(workspace, request)
    return { status: 200, large: true, body: pageBody(page, mcpServerBody) }
  },
}
