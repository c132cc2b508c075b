import { z } from 'zod'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

/** 200 and not 204: the SDKs of this dialect take nothing else. */
export const deleteMcpServer: Route = {
  method: 'delete',
  path: '/v2/mcp-servers/:server_id',
  doc: {
    operationId: 'deleteMcpServer',
    tag: 'Tools',
    summary: 'Delete an MCP server',
    replies: { 200: json('The server is gone.', z.object({})) },
  },
  async handle({ workspace, params }, { mcpServers }) {
    await mcpServers.remove(workspace, params['server_id'] ?? '')
    return { status: 200, body: {} }
  },
}
