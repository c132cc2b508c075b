import { WrappedMcpServer, wrapped } from '../../dialects/orq/mcp/mcp-server-body.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const retrieveMcpServer: Route = {
  method: 'get',
  path: '/v2/mcp-servers/:server_id',
  doc: {
    operationId: 'retrieveMcpServer',
    tag: 'Tools',
    summary: 'Read an MCP server',
    replies: { 200: json('The server.', WrappedMcpServer) },
  },
  async handle({ workspace, params }, { mcpServers }) {
    return {
      status: 200,
      body: wrapped(await mcpServers.get(workspace, params['server_id'] ?? '')),
    }
  },
}
