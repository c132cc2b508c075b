import { WrappedMcpServer, wrapped } from '../../dialects/orq/mcp/mcp-server-body.ts'
import { toServerPatch, UpdateMcpServer } from '../../dialects/orq/mcp/mcp-server-request.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const updateMcpServer: Route<typeof UpdateMcpServer> = {
  method: 'patch',
  path: '/v2/mcp-servers/:server_id',
  body: UpdateMcpServer,
  doc: {
    operationId: 'updateMcpServer',
    tag: 'Tools',
    summary: 'Change an MCP server',
    description:
      'Only the fields that are given change. At another address it has no tools until it was synced.',
    replies: { 200: json('The server.', WrappedMcpServer) },
    errors: { 409: 'Somebody else changed the server meanwhile.' },
  },
  async handle({ workspace, params, body }, { mcpServers }) {
    const id = params['server_id'] ?? ''
    return {
      status: 200,
      body: wrapped(await mcpServers.update(workspace, id, toServerPatch(body))),
    }
  },
}
