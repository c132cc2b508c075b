import { WrappedMcpServer, wrapped } from '../../dialects/orq/mcp/mcp-server-body.ts'
import { CreateMcpServer, toServerInput } from '../../dialects/orq/mcp/mcp-server-request.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const createMcpServer: Route<typeof CreateMcpServer> = {
  method: 'post',
  path: '/v2/mcp-servers',
  body: CreateMcpServer,
  doc: {
    operationId: 'createMcpServer',
    tag: 'Tools',
    summary: 'Create an MCP server',
    description: 'It has no tools for agents until it was synced.',
    replies: { 200: json('The server.', WrappedMcpServer) },
    errors: { 409: 'The key is taken.' },
  },
  async handle({ workspace, body }, { mcpServers }) {
    return { status: 200, body: wrapped(await mcpServers.create(workspace, toServerInput(body))) }
  },
}
