import { limits, type McpExposure, type McpTransport } from '@longhaul/core'
import { type HeaderInput, mask, type McpServerInput, type McpServerPatch } from '@longhaul/tasks'
import { z } from 'zod'
import { echoed, first, line, list, map, text } from '../../shared/request-fields.ts'

const key = z
  .string()
  .max(64, first)
  .regex(/^[a-z0-9][a-z0-9_-]*$/, {
    error: 'must be lower-case letters, digits, - and _, and begin with a letter or a digit',
  })

export const connectionTypes = {
  MCP_CONNECTION_TYPE_HTTP: 'http',
  MCP_CONNECTION_TYPE_SSE: 'sse',
} as const satisfies Record<string, McpTransport>

const exposureModes = {
  MCP_TOOL_EXPOSURE_MODE_UNSPECIFIED: 'all',
  MCP_TOOL_EXPOSURE_MODE_ALL: 'all',
  MCP_TOOL_EXPOSURE_MODE_SELECTED: 'selected',
  MCP_TOOL_EXPOSURE_MODE_NONE: 'none',
} as const satisfies Record<string, McpExposure['mode']>

const connection = z.object({
  type: z.enum(['MCP_CONNECTION_TYPE_HTTP', 'MCP_CONNECTION_TYPE_SSE'], {
    error:
      'must be MCP_CONNECTION_TYPE_HTTP or MCP_CONNECTION_TYPE_SSE: no other server is spoken to',
  }),
  url: z
    .string()
    .min(1)
    .max(limits.fields.url)
    .meta({ examples: ['https://mcp.example.com/mcp'] }),
})

const auth = z.object({
  type: z.enum(['MCP_AUTH_TYPE_NONE', 'MCP_AUTH_TYPE_STATIC_HEADERS'], {
    error: 'must be MCP_AUTH_TYPE_NONE or MCP_AUTH_TYPE_STATIC_HEADERS: OAuth is not supported yet',
  }),
  static_headers: list(
    z.object({
      key: line.min(1).max(limits.fields.headerName),
      value: z.string().max(limits.fields.headerValue).optional(),
      masked_value: z.string().max(limits.fields.headerValue).optional().meta({
        description:
          'The mask, as a reply has it. Sent instead of `value`, it keeps the stored value of the header.',
      }),
    }),
  ).optional(),
})

const exposure = z.object({
  mode: z.enum(Object.keys(exposureModes) as [keyof typeof exposureModes]),
  read_only: z.boolean().optional().meta({
    description: 'Whether agents can use only the tools that the server declares as read-only.',
  }),
  tool_ids: list(line).optional().meta({
    description:
      'The names of the tools that agents can use, with `MCP_TOOL_EXPOSURE_MODE_SELECTED`.',
  }),
})

const fields = {
  display_name: z.string().max(limits.fields.displayName),
  description: text.optional(),
  connection,
  auth,
  default_tool_exposure: exposure,
  sharing: map.optional().meta({ description: echoed }),
}

export const CreateMcpServer = z.object({ key, ...fields })
CreateMcpServer.register(z.globalRegistry, {
  id: 'CreateMcpServer',
  examples: [
    {
      key: 'weather',
      display_name: 'Weather',
      connection: { type: 'MCP_CONNECTION_TYPE_HTTP', url: 'https://mcp.example.com/mcp' },
      auth: { type: 'MCP_AUTH_TYPE_NONE' },
      default_tool_exposure: { mode: 'MCP_TOOL_EXPOSURE_MODE_ALL' },
    },
  ],
})

export const UpdateMcpServer = z.object({
  key: key.optional().meta({ description: 'The key cannot change. Another value is refused.' }),
  display_name: fields.display_name.optional(),
  description: fields.description,
  connection: connection.optional(),
  auth: auth.optional(),
  default_tool_exposure: exposure.optional(),
  sharing: fields.sharing,
})
UpdateMcpServer.register(z.globalRegistry, {
  id: 'UpdateMcpServer',
  examples: [{ description: 'Tells the weather.' }],
})

/** Values for placeholders in the URL or the headers of a server. None are supported yet. */
const discovery = z
  .record(z.string(), z.string())
  .refine((values) => Object.keys(values).length === 0, { error: 'are not supported yet' })
  .optional()

export const SyncMcpServer = z.object({ discovery_variables: discovery }).optional()

export const TryMcpTool = z.object({
  tool_name: line.min(1).max(limits.fields.name),
  arguments: map.optional(),
  discovery_variables: discovery,
})

TryMcpTool.register(z.globalRegistry, {
  id: 'TryMcpTool',
  examples: [{ tool_name: 'forecast', arguments: { city: 'Rome' } }],
})

/** An inline server within an agent, for callers that do not store it first. */
export const McpBlock = z.object({
  server_url: connection.shape.url,
  headers: z
    .record(
      z.string(),
      z.object({
        value: z.string().max(limits.fields.headerValue),
        encrypted: z.boolean().default(false),
      }),
    )
    .optional(),
  tools: list(
    z.object({
      id: line.optional(),
      name: line.min(1).max(limits.fields.name),
      description: text.optional(),
      schema: z.looseObject({
        type: z.literal('object'),
        properties: map.optional(),
        required: z.array(z.string()).optional(),
      }),
    }),
  ),
  connection_type: z.enum(['http', 'sse']),
})

export function toServerInput(body: z.output<typeof CreateMcpServer>): McpServerInput {
  return {
    key: body.key,
    displayName: body.display_name,
    ...(body.description !== undefined && { description: body.description }),
    url: body.connection.url,
    transport: connectionTypes[body.connection.type],
    headers: toHeaders(body.auth),
    exposure: toExposure(body.default_tool_exposure),
    echo: body.sharing === undefined ? {} : { sharing: body.sharing },
  }
}

export function toServerPatch(body: z.output<typeof UpdateMcpServer>): McpServerPatch {
  return {
    key: body.key,
    displayName: body.display_name,
    description: body.description,
    url: body.connection?.url,
    transport: body.connection && connectionTypes[body.connection.type],
    headers: body.auth && toHeaders(body.auth),
    exposure: body.default_tool_exposure && toExposure(body.default_tool_exposure),
    echo: body.sharing === undefined ? undefined : { sharing: body.sharing },
  }
}

export function toInlineServer(
  block: z.output<typeof McpBlock>,
  { displayName, description }: { displayName: string; description: string | undefined },
): Omit<McpServerInput, 'key'> {
  const headers = Object.entries(block.headers ?? {}).map(([name, { value, encrypted }]) => [
    name,
    encrypted ? secretOf(value) : value,
  ])
  return {
    displayName,
    ...(description !== undefined && { description }),
    url: block.server_url,
    transport: block.connection_type,
    headers: Object.fromEntries(headers) as Record<string, HeaderInput>,
    exposure: { mode: 'all' },
    tools: block.tools.map((tool) => ({
      name: tool.name,
      description: tool.description ?? '',
      inputSchema: tool.schema,
    })),
    echo: {},
  }
}

/** All headers of a server are secrets. */
function toHeaders({
  type,
  static_headers: values = [],
}: z.output<typeof auth>): Record<string, HeaderInput> {
  if (type === 'MCP_AUTH_TYPE_NONE') return {}
  return Object.fromEntries(values.map(({ key: name, value }) => [name, secretOf(value ?? mask)]))
}

function secretOf(value: string): HeaderInput {
  return value === mask ? { kept: true } : { secret: value }
}

function toExposure({ mode, read_only, tool_ids }: z.output<typeof exposure>): McpExposure {
  return {
    mode: exposureModes[mode],
    ...(read_only !== undefined && { readOnly: read_only }),
    ...(tool_ids !== undefined && { tools: tool_ids }),
  }
}
