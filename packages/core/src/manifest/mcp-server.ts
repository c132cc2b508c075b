import { z } from 'zod'
import { HttpHeader } from './http-definition.ts'
import { isUlid } from '../lib/ids.ts'
import { McpTransport } from './mcp-transport.ts'
import { Registered } from './registered.ts'

/** A tool as its server describes it. Its annotations are trusted only where they make Longhaul more careful. */
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

/** The tools of a server that agents may use. */
export const McpExposure = z.object({
  mode: z.enum(['all', 'selected', 'none']),
  readOnly: z.boolean().optional(),
  tools: z.array(z.string()).optional(),
})
export type McpExposure = z.infer<typeof McpExposure>

/** One version of an MCP server: its address, and the tools that it listed at the last sync. */
export const McpServer = Registered.extend({
  displayName: z.string(),
  description: z.string().optional(),
  url: z.string(),
  transport: McpTransport,
  headers: z.record(z.string(), HttpHeader),
  exposure: McpExposure,
  tools: z.array(McpTool),
  /**
   * The names of its current and former tools, in the order in which they were first seen, epoch milliseconds. The
   * names of former tools stay reserved, so that the names of others do not change. Older versions do not store this
   * field.
   */
  names: z.array(z.object({ name: z.string(), since: z.number() })).optional(),
  sync: z.object({
    status: z.enum(['pending', 'synced', 'failed']),
    added: z.number(),
    removed: z.number(),
    /** Epoch milliseconds; absent before the first sync. */
    at: z.number().optional(),
    errors: z.array(z.string()),
  }),
  /** Fields that are returned unchanged and that Longhaul does not use. */
  echo: z.record(z.string(), z.unknown()),
})
export type McpServer = z.infer<typeof McpServer>

/** Whether a text is an id, `mcp_<ulid>`. No server may have such a key. */
export function isMcpServerId(text: string): boolean {
  return text.startsWith('mcp_') && isUlid(text.slice('mcp_'.length))
}

/** The names of a server's current and former tools, in the order in which they were first seen. */
export function namesSeen({ names, tools }: Pick<McpServer, 'names' | 'tools'>) {
  return names ?? tools.map(({ name }) => ({ name, since: 0 }))
}

/** Why agents may not use a tool of a server; undefined when they may. */
export function whyNotExposed({ exposure }: McpServer, tool: McpTool): string | undefined {
  const { mode, readOnly = false, tools = [] } = exposure
  if (mode === 'none') return 'the server exposes no tools'
  if (mode === 'selected' && !tools.includes(tool.name)) return 'the server does not expose it'
  if (readOnly && tool.annotations?.readOnly !== true) return 'the server exposes only what reads'
  return undefined
}
