import { z } from 'zod'
import { abortOnDisconnect } from '../../http/abort-on-disconnect.ts'
import { TryMcpTool } from '../../dialects/orq/mcp/mcp-server-request.ts'
import { json } from '../../reply-doc.ts'
import type { Route } from '../../route.ts'

const TriedTool = z.object({
  result: z.object({
    ok: z.boolean().meta({ description: 'Whether the call returned a result.' }),
    result: z.record(z.string(), z.unknown()).optional(),
    error_message: z
      .string()
      .optional()
      .meta({ description: 'The error. Only if the call failed.' }),
    latency_ms: z.int().meta({ description: 'The duration of the call in milliseconds.' }),
    errors: z.array(z.string()),
  }),
})

export const tryMcpTool: Route<typeof TryMcpTool> = {
  method: 'post',
  path: String.raw`/v2/mcp-servers/:server_id/tools\:test`,
  body: TryMcpTool,
  doc: {
    operationId: 'tryMcpTool',
    tag: 'Tools',
    summary: 'Test a tool of an MCP server',
    description: 'Makes a real call of the tool, with all of its effects.',
    replies: { 200: json('The outcome.', TriedTool) },
  },
  async handle({ workspace, params, body, response }, { mcpServers, stopping }) {
    const signal = abortOnDisconnect(response, stopping)
    const { tool_name: tool, arguments: args = {} } = body
    const call = { tool, arguments: args, signal }
    const tried = await mcpServers.tryTool(workspace, params['server_id'] ?? '', call)
    const outcome = tried.ok
      ? { ok: true, result: asObject(tried.result), errors: [] }
      : { ok: false, error_message: tried.error, errors: [tried.error] }
    return { status: 200, body: { result: { ...outcome, latency_ms: tried.ms } } }
  },
}

/** The wire format requires an object, whatever the tool returned. */
function asObject(result: unknown): object {
  const isObject = typeof result === 'object' && result !== null && !Array.isArray(result)
  return isObject ? result : { content: result }
}
