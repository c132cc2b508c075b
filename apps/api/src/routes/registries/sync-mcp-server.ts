import { abortOnDisconnect } from '../../http/abort-on-disconnect.ts'
import { WrappedMcpServer, wrapped } from '../../dialects/orq/mcp/mcp-server-body.ts'
import { SyncMcpServer } from '../../dialects/orq/mcp/mcp-server-request.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

export const syncMcpServer: Route<typeof SyncMcpServer> = {
  method: 'post',
  path: String.raw`/v2/mcp-servers/:server_id\:sync`,
  body: SyncMcpServer,
  doc: {
    operationId: 'syncMcpServer',
    tag: 'Tools',
    summary: 'Sync the tools of an MCP server',
    description:
      'Reads the list of tools from the server. Agents use the new list from then on. If the server cannot be reached, `sync_state` has the error, and the tools do not change.',
    replies: { 200: json('The server.', WrappedMcpServer) },
    errors: { 409: 'The server was changed concurrently.' },
  },
  async handle({ workspace, params, response }, { mcpServers, stopping }) {
    const signal = abortOnDisconnect(response, stopping)
    const server = await mcpServers.sync(workspace, params['server_id'] ?? '', signal)
    return { status: 200, body: wrapped(server) }
  },
}
