import type { McpServer, McpTool } from '@longhaul/core'
import { mask, mcpNamesOf } from '@longhaul/tasks'
import { z } from 'zod'
import { isoTime, time } from '../../shared/reply-fields.ts'
import { CreateMcpServer } from './mcp-server-request.ts'

/** An MCP server as an item of a list. A mask replaces every secret. */
export function mcpServerBody(server: McpServer) {
  const { sync, exposure } = server
  const headers = Object.keys(server.headers)
  const names = mcpNamesOf(server)
  return {
    id: server.id,
    key: server.key,
    display_name: server.displayName,
    ...(server.description !== undefined && { description: server.description }),
    connection: {
      type: server.transport === 'sse' ? 'MCP_CONNECTION_TYPE_SSE' : 'MCP_CONNECTION_TYPE_HTTP',
      url: server.url,
    },
    auth:
      headers.length === 0
        ? { type: 'MCP_AUTH_TYPE_NONE' }
        : {
            type: 'MCP_AUTH_TYPE_STATIC_HEADERS',
            static_headers: headers.map((key) => ({ key, masked_value: mask })),
          },
    default_tool_exposure: {
      mode: `MCP_TOOL_EXPOSURE_MODE_${exposure.mode.toUpperCase()}`,
      ...(exposure.readOnly !== undefined && { read_only: exposure.readOnly }),
      ...(exposure.tools !== undefined && { tool_ids: exposure.tools }),
    },
    sync_state: {
      status: `SYNC_STATUS_${sync.status.toUpperCase()}`,
      tools_total: server.tools.length,
      tools_added: sync.added,
      tools_removed: sync.removed,
      ...(sync.at !== undefined && { last_synced_at: isoTime(sync.at) }),
      errors: sync.errors,
    },
    tools: server.tools.map((tool) => wireTool(tool, names.get(tool.name))),
    created: isoTime(server.createdAt),
    updated: isoTime(server.updatedAt),
    ...server.echo,
  }
}

function wireTool(
  { name, title, description, inputSchema, annotations }: McpTool,
  called: string | undefined,
) {
  return {
    // Agents refer to a tool by this id.
    id: name,
    name,
    ...(called !== undefined && { function_name: called }),
    ...(title !== undefined && { title }),
    description,
    input_schema: inputSchema,
    ...(annotations && {
      annotations: {
        ...(annotations.readOnly !== undefined && { read_only: annotations.readOnly }),
        ...(annotations.destructive !== undefined && { destructive: annotations.destructive }),
        ...(annotations.idempotent !== undefined && { idempotent: annotations.idempotent }),
        ...(annotations.openWorld !== undefined && { open_world: annotations.openWorld }),
      },
    }),
  }
}

const McpServerReply = CreateMcpServer.safeExtend({
  id: z.string().meta({ examples: ['mcp_01K3Q0YB9Z6C5R8V2N7M4D1FGH'] }),
  sync_state: z.object({
    status: z.enum(['SYNC_STATUS_PENDING', 'SYNC_STATUS_SYNCED', 'SYNC_STATUS_FAILED']),
    tools_total: z.int().meta({ description: 'The number of tools of the server.' }),
    tools_added: z.int().meta({ description: 'The number of tools that the last sync added.' }),
    tools_removed: z.int().meta({ description: 'The number of tools that the last sync removed.' }),
    last_synced_at: time.optional().meta({ description: 'The time of the last sync.' }),
    errors: z.array(z.string()).meta({ description: 'The errors of the last sync.' }),
  }),
  tools: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      function_name: z.string().optional().meta({
        description:
          'The name that models use, unless another tool of the agent has the same name. Absent if the tool is not exposed to agents.',
      }),
      title: z.string().optional(),
      description: z.string(),
      input_schema: z.record(z.string(), z.unknown()),
      annotations: z.record(z.string(), z.boolean()).optional(),
    }),
  ),
  created: time,
  updated: time,
}).meta({ id: 'McpServer', description: 'An MCP server, with the tools of its last sync.' })

export const McpServersReply = z.object({
  object: z.literal('list'),
  data: z.array(McpServerReply),
  has_more: z.boolean(),
})

/** An MCP server as a single reply. */
export const WrappedMcpServer = z.object({ mcp_server: McpServerReply })

export function wrapped(server: McpServer) {
  return { mcp_server: mcpServerBody(server) }
}
