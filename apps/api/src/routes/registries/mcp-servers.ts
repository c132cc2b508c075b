import { isMcpServerId, type McpServer } from '@longhaul/core'
import { orq } from '../../dialects/orq/index.ts'
import {
  mcpServerBody,
  McpServersReply,
  WrappedMcpServer,
  wrapped,
} from '../../dialects/orq/mcp/mcp-server-body.ts'
import {
  CreateMcpServer,
  toServerInput,
  toServerPatch,
  UpdateMcpServer,
} from '../../dialects/orq/mcp/mcp-server-request.ts'
import { registryRoutes } from './registry-routes.ts'

export const mcpServers = registryRoutes<McpServer, typeof CreateMcpServer, typeof UpdateMcpServer>(
  {
    path: '/v2/mcp-servers',
    parameter: 'server_id',
    words: {
      tag: 'Tools',
      operationNames: { one: 'McpServer', many: 'McpServers' },
      item: 'an MCP server',
      items: 'MCP servers',
      short: 'server',
    },
    errorPaths: orq.errorPaths,
    reply: WrappedMcpServer,
    body: wrapped,
    verbs: (deps) => deps.mcpServers,
    create: {
      body: CreateMcpServer,
      run: (deps, workspace, body) => deps.mcpServers.create(workspace, toServerInput(body)),
      status: 200,
      reply: 'The server.',
      description: 'Agents can use the tools of the server after a sync.',
    },
    list: { isId: isMcpServerId, page: McpServersReply, item: mcpServerBody },
    update: {
      body: UpdateMcpServer,
      run: (deps, { workspace, id }, body) =>
        deps.mcpServers.update(workspace, id, toServerPatch(body)),
      reply: 'The server.',
      description:
        'Only the fields in the request change. After a change of the URL the server has no tools until the next sync.',
      conflict: 'The server was changed concurrently.',
    },
    remove: {},
  },
)
