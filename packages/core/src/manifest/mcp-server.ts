import { z } from 'zod'
import { HttpHeader } from './http-definition.ts'
import { isUlid } from '../lib/ids.ts'
import { McpTransport } from './mcp-transport.ts'
import { Registered } from './registered.ts'

/** A tool as its server describes it. What it says of itself is believed where it makes us more careful. */
export const McpTool = z.object({
  name: z.string(),
  title: z.string().optional(),
  description: z.string(),
  /** JSON Schema of an object. */
  inputSchema: z.record(z.string(), z.unknown()),
  annotations: z
    .object({
      readOnly: z.boolean().optional(),
      destructive: z.boolean().optional(),
      idempotent: z.boolean().optional(),
      openWorld: z.boolean().optional(),
    })
    .optional(),
})
export type McpTool = z.infer<typeof McpTool>

/** Which tools of a server agents may have. */
export const McpExposure = z.object({
  mode: z.enum(['all', 'selected', 'none']),
  readOnly: z.boolean().optional(),
  tools: z.array(z.string()).optional(),
})
export type McpExposure = z.infer<typeof McpExposure>

/** One version of an MCP server: where it is, and the tools that it had when it was last asked. */
export const McpServer = Registered.extend({
  displayName: z.string(),
  description: z.string().optional(),
  url: z.string(),
  transport: McpTransport,
  headers: z.record(z.string(), HttpHeader),
  exposure: McpExposure,
  tools: z.array(McpTool),
  /**
   * The names of its tools and of those that it has had, in the order in which they were first seen, epoch milliseconds.
   * Former tools keep their names taken, so that those of others do not change. Older versions store none.
   */
  names: z.array(z.object({ name: z.string(), since: z.number() })).optional(),
  sync: z.object({
    status: z.enum(['pending', 'synced', 'failed']),
    added: z.number(),
    removed: z.number(),
    /** Epoch milliseconds; absent where it was never asked. */
    at: z.number().optional(),
    errors: z.array(z.string()),
  }),
  /** Fields that are given back as they came and mean nothing to Longhaul. */
  echo: z.record(z.string(), z.unknown()),
})
export type McpServer = z.infer<typeof McpServer>

/** `mcp_<ulid>`. No server may have such a text for its key. */
export function isMcpServerId(text: string): boolean {
  return text.startsWith('mcp_') && isUlid(text.slice('mcp_'.length))
}

/** The names of a server's tools and of those that it has had, the first seen first. */
export function namesSeen({ names, tools }: Pick<McpServer, 'names' | 'tools'>) {
  return names ?? tools.map(({ name }) => ({ name, since: 0 }))
}

/** Why a tool of a server is not for agents; undefined when it is. */
export function whyNotExposed({ exposure }: McpServer, tool: McpTool): string | undefined {
  const { mode, readOnly = false, tools = [] } = exposure
  if (mode === 'none') return 'the server exposes no tools'
  if (mode === 'selected' && !tools.includes(tool.name)) return 'the server does not expose it'
  if (readOnly && tool.annotations?.readOnly !== true) return 'the server exposes only what reads'
  return undefined
}
